//! A PostgreSQL that listens on TCP and speaks TLS, with a certificate made for the test.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use masthead::cluster::Cluster;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustix::process::{Pid, Signal, kill_process};

use crate::cluster::owner::Room;

/// Somebody who signs certificates.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    /// Their own certificate: what `sslrootcert` names.
    pub pem: String,
}

impl Authority {
    pub fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let pem = params.self_signed(&key).unwrap().pem();
        Self {
            issuer: Issuer::new(params, key),
            pem,
        }
    }

    /// A certificate for this host, and its key.
    fn sign(&self, host: &str) -> (String, String) {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec![host.to_owned()]).unwrap();
        (params.signed_by(&key, &self.issuer).unwrap().pem(), key.serialize_pem())
    }
}

/// The server; it is stopped and removed when this is dropped.
pub struct TlsServer {
    postgres: Child,
    port: u16,
    database: PathBuf,
    /// Dropped last: it waits until nothing runs in it.
    _room: Room,
}

impl TlsServer {
    /// Starts one whose certificate is for `host`.
    pub fn start(authority: &Authority, host: &str) -> Self {
        let room = Room::new();
        let cluster = Cluster::start(room.options()).expect("to make a database");
        let (programs, database) = (cluster.bin_dir().to_owned(), cluster.data_dir().join("postgres"));
        drop(cluster);
        room.wait_until_nothing_runs();

        let owner = fs::metadata(&database).unwrap();
        let (certificate, key) = authority.sign(host);
        for (name, text) in [
            ("server.crt", certificate.as_str()),
            ("server.key", &key),
            (
                "pg_hba.conf",
                "hostssl all all 127.0.0.1/32 trust\nhostssl all all ::1/128 trust\n",
            ),
        ] {
            let file = database.join(name);
            fs::write(&file, text).unwrap();
            fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
            chown(&file, Some(owner.uid()), Some(owner.gid())).unwrap();
        }
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut command = Command::new(programs.join("postgres"));
        command.arg("-D").arg(&database);
        for setting in [
            "listen_addresses=localhost",
            "unix_socket_directories=",
            "ssl=on",
            "fsync=off",
        ] {
            command.args(["-c", setting]);
        }
        command.args(["-c", &format!("port={port}")]).stderr(Stdio::piped());
        if rustix::process::getuid().is_root() {
            command.uid(owner.uid()).gid(owner.gid());
        }
        let mut postgres = command.spawn().expect("to start postgres");
        let log = BufReader::new(postgres.stderr.take().unwrap());
        let ready = log
            .lines()
            .map_while(Result::ok)
            .any(|line| line.contains("ready to accept connections"));
        let server = Self {
            postgres,
            port,
            database,
            _room: room,
        };
        assert!(ready, "PostgreSQL did not start");
        server
    }

    /// Its address under this name, with parameters.
    pub fn url(&self, host: &str, parameters: &str) -> String {
        format!("postgresql://masthead@{host}:{}/masthead?{parameters}", self.port)
    }

    /// Writes a file beside the database; its path.
    pub fn file(&self, name: &str, text: &str) -> String {
        let file = self.database.join(name);
        fs::write(&file, text).unwrap();
        file.display().to_string()
    }
}

impl Drop for TlsServer {
    fn drop(&mut self) {
        let pid = Pid::from_raw(self.postgres.id().cast_signed()).unwrap();
        kill_process(pid, Signal::QUIT).unwrap();
        self.postgres.wait().unwrap();
    }
}
