//! TLS to PostgreSQL, as `sslmode` in the database's URL asks for it.
//!
//! `disable`, `prefer` and `require` are what they are in libpq: encrypted, but whoever answers is believed.
//! `verify-full` checks the certificate and the host's name against the system's roots, or against the PEM file that
//! `sslrootcert` names.

use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use tokio_postgres::config::SslMode;
use tokio_postgres_rustls::MakeRustlsConnect;

/// Why a database URL cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TargetError {
    #[error("the database URL cannot be read: {0}")]
    Url(#[from] tokio_postgres::Error),
    #[error("`sslmode={0}` is not known; use disable, prefer, require or verify-full")]
    Mode(String),
    #[error("the root certificates cannot be read: {0}")]
    Roots(String),
    #[error("TLS cannot be set up: {0}")]
    Tls(#[from] rustls::Error),
    #[error("the pool cannot be built: {0}")]
    Pool(String),
}

/// Where to connect, and how the connection is secured.
#[derive(Clone)]
pub struct Target {
    pub config: tokio_postgres::Config,
    pub tls: MakeRustlsConnect,
}

impl Target {
    /// Reads a database URL, or libpq's `key=value` form.
    ///
    /// # Errors
    /// When the URL, its `sslmode` or its `sslrootcert` cannot be used.
    pub fn parse(url: &str) -> Result<Self, TargetError> {
        let (rest, mode) = take_parameter(url, "sslmode");
        let (rest, root_file) = take_parameter(&rest, "sslrootcert");
        let mut config = tokio_postgres::Config::from_str(&rest)?;
        let verify = match mode.as_deref() {
            None | Some("prefer") => false,
            Some("disable") => {
                config.ssl_mode(SslMode::Disable);
                false
            }
            Some("require") => {
                config.ssl_mode(SslMode::Require);
                false
            }
            Some("verify-full") => {
                config.ssl_mode(SslMode::Require);
                true
            }
            Some(other) => return Err(TargetError::Mode(other.to_owned())),
        };
        let provider = Arc::new(aws_lc_rs::default_provider());
        let builder =
            ClientConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions()?;
        let client = if verify {
            builder
                .with_root_certificates(roots(root_file.map(PathBuf::from))?)
                .with_no_client_auth()
        } else {
            builder
                .dangerous()
                .with_custom_certificate_verifier(Arc::new(Encrypt(provider)))
                .with_no_client_auth()
        };
        Ok(Self {
            config,
            tls: MakeRustlsConnect::new(client),
        })
    }
}

/// Takes `name=value` out of a URL's query, or of the `key=value` form.
fn take_parameter(url: &str, name: &str) -> (String, Option<String>) {
    let (head, separator, parameters) = match url.split_once('?') {
        Some((head, query)) => (head, '&', query),
        None if url.contains("://") => return (url.to_owned(), None),
        None => ("", ' ', url),
    };
    let (mut kept, mut value) = (Vec::new(), None);
    for pair in parameters.split(separator).filter(|pair| !pair.is_empty()) {
        match pair.split_once('=') {
            Some((key, given)) if key == name => value = Some(given.replace("%2F", "/").replace("%2f", "/")),
            _ => kept.push(pair),
        }
    }
    let kept = kept.join(&separator.to_string());
    let rest = if separator == '&' && !kept.is_empty() {
        format!("{head}?{kept}")
    } else {
        format!("{head}{kept}")
    };
    (rest, value)
}

fn roots(file: Option<PathBuf>) -> Result<RootCertStore, TargetError> {
    let certificates: Vec<CertificateDer<'static>> = match file {
        Some(file) => CertificateDer::pem_file_iter(&file)
            .and_then(Iterator::collect)
            .map_err(|error| TargetError::Roots(format!("{}: {error}", file.display())))?,
        None => rustls_native_certs::load_native_certs().certs,
    };
    let mut store = RootCertStore::empty();
    let (added, _) = store.add_parsable_certificates(certificates);
    if added == 0 {
        return Err(TargetError::Roots(
            "none were found; name a PEM file with `sslrootcert`".to_owned(),
        ));
    }
    Ok(store)
}

/// Encrypts without asking who answers: what `sslmode=require` means.
#[derive(Debug)]
struct Encrypt(Arc<CryptoProvider>);

impl ServerCertVerifier for Encrypt {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(
            message,
            certificate,
            signature,
            &self.0.signature_verification_algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(
            message,
            certificate,
            signature,
            &self.0.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_taken_out_of_urls_and_of_pairs() {
        let (rest, mode) = take_parameter("postgres://u@h/db?sslmode=verify-full&connect_timeout=3", "sslmode");
        assert_eq!(
            (rest.as_str(), mode.as_deref()),
            ("postgres://u@h/db?connect_timeout=3", Some("verify-full"))
        );
        let (rest, file) = take_parameter("host=h sslrootcert=/etc/ca.pem user=u", "sslrootcert");
        assert_eq!((rest.as_str(), file.as_deref()), ("host=h user=u", Some("/etc/ca.pem")));
        assert_eq!(
            take_parameter("postgres://u@h/db", "sslmode"),
            ("postgres://u@h/db".to_owned(), None)
        );
    }

    #[test]
    fn an_unknown_mode_is_refused() {
        assert!(
            matches!(Target::parse("postgres://u@h/db?sslmode=allow"), Err(TargetError::Mode(mode)) if mode == "allow")
        );
    }

    #[test]
    fn require_and_verify_full_insist_on_tls() {
        for mode in ["require", "verify-full"] {
            let url = format!("postgres://u@h/db?sslmode={mode}");
            // On a machine without root certificates `verify-full` says so.
            match Target::parse(&url) {
                Ok(target) => assert_eq!(target.config.get_ssl_mode(), SslMode::Require),
                Err(error) => assert!(matches!(error, TargetError::Roots(_)), "{error}"),
            }
        }
    }
}
