//! The big demonstration newsroom, as big as a test needs it.

use masthead::demo::{Loaded, Scale, Tools, load_scale};
use masthead::domain::body::BodyRules;

use super::TestApp;

impl TestApp {
    /// Loads it into the test's database.
    pub async fn load_scale(&self, scale: Scale) -> Loaded {
        let tools = Tools {
            password_hash: "nobody signs in".to_owned(),
            rules: &BodyRules::default(),
            hash_email: &|email| email.as_bytes().to_vec(),
            now: self.clock.now(),
        };
        load_scale(&mut *self.conn().await, &tools, scale, &|_| {})
            .await
            .unwrap()
    }
}
