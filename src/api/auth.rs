//! Signing in and out, and what an account may do about itself.

pub mod me;
pub mod passwords;
pub mod refresh;
pub mod register;
pub mod session_list;
pub mod sign_in;

use utoipa_actix_web::service_config::ServiceConfig;

pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .configure(sign_in::configure)
        .configure(refresh::configure)
        .configure(me::configure)
        .configure(session_list::configure)
        .configure(register::configure);
}
