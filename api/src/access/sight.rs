//! The second wall: what PostgreSQL's row-level security lets one transaction see, said in its own words.
//! Every setting is local to the transaction and made of ids alone. No table and no policy enters here.

use uuid::Uuid;

use super::policy::Actor;

/// The role in which requests act: it owns nothing, and no policy is lifted for it.
pub const ROLE: &str = "thidua_runtime";

/// What a transaction may see. The default sees what belongs to nobody.
#[derive(Clone, Debug, Default)]
pub(super) struct Sight {
    tenant: Option<Uuid>,
    token: Option<String>,
    code: Option<String>,
    clusters: Clusters,
    is_wide: bool,
}

/// Whose clusters are seen, once a statement needs them.
#[derive(Clone, Debug, Default)]
enum Clusters {
    /// Those that the tenant organises or still sits in.
    #[default]
    OfTenant,
    /// These alone: every grant of the caller names its cluster.
    Named(Vec<Uuid>),
}

impl Sight {
    /// The sight of a signed-in caller: the tenant of the token, and clusters through grants or seats.
    pub(super) fn of(actor: &Actor) -> Self {
        let named: Option<Vec<Uuid>> = actor.grants.iter().map(|grant| grant.cluster).collect();
        let clusters = match named {
            Some(named) if !named.is_empty() => Clusters::Named(named),
            Some(_) | None => Clusters::OfTenant,
        };
        Self { tenant: Some(actor.tenant), token: None, code: None, clusters, is_wide: false }
    }

    /// The same for a new transaction.
    pub(super) fn anew(self) -> Self {
        Self { is_wide: false, ..self }
    }

    /// What the transaction is told when it begins.
    pub(super) fn words(&self) -> String {
        let mut words = String::new();
        if let Some(tenant) = self.tenant {
            words.push_str(&set("tenant", &tenant.to_string()));
        }
        if let Some(token) = &self.token {
            words.push_str(&set("token", token));
        }
        if let Some(code) = &self.code {
            words.push_str(&set("code", code));
        }
        words
    }

    pub(super) fn enter(&mut self, tenant: Uuid) -> Option<String> {
        let is_new = self.tenant.replace(tenant) != Some(tenant);
        is_new.then(|| set("tenant", &tenant.to_string()))
    }

    /// Takes hexadecimal digits only.
    pub(super) fn enter_token(&mut self, hash: &str) -> String {
        let hash: String = hash.chars().filter(char::is_ascii_hexdigit).collect();
        let words = set("token", &hash);
        self.token = Some(hash);
        words
    }

    /// Takes letters and digits only.
    pub(super) fn enter_code(&mut self, code: &str) -> String {
        let code: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
        let words = set("code", &code);
        self.code = Some(code);
        words
    }

    /// The words that open the clusters; none when they are open.
    pub(super) fn enter_clusters(&mut self) -> Option<String> {
        if std::mem::replace(&mut self.is_wide, true) {
            return None;
        }
        match (&self.clusters, self.tenant) {
            (Clusters::Named(named), _) => Some(set("clusters", &array(named))),
            (Clusters::OfTenant, Some(tenant)) => Some(of_tenant(tenant)),
            (Clusters::OfTenant, None) => None,
        }
    }
}

fn set(name: &str, value: &str) -> String {
    format!("SELECT set_config('thidua.{name}', '{value}', true);")
}

fn array(ids: &[Uuid]) -> String {
    let ids: Vec<String> = ids.iter().map(Uuid::to_string).collect();
    format!("{{{}}}", ids.join(","))
}

/// The policies on `cluster` and `cluster_member` show a tenant its own rows there without more. A cluster that the
/// tenant has left shows no longer. The scope knows the very day, so that one day more does no harm here.
fn of_tenant(tenant: Uuid) -> String {
    format!(
        "SELECT set_config('thidua.clusters', coalesce((SELECT array_agg(id)::text FROM (\
         SELECT id FROM cluster WHERE organiser_id = '{tenant}' UNION \
         SELECT cluster_id FROM cluster_member WHERE tenant_id = '{tenant}' \
         AND (valid_to IS NULL OR valid_to >= current_date - 1)) AS seen), '{{}}'), true);"
    )
}

/// The words that add a cluster just made.
pub(super) fn one_more(cluster: Uuid) -> String {
    format!(
        "SELECT set_config('thidua.clusters', array_append(nullif(current_setting('thidua.clusters', \
         true), '')::uuid[], '{cluster}'::uuid)::text, true);"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cluster_shows_as_long_as_the_tenant_sits_there() {
        let mut sight = Sight::default();
        assert!(sight.clone().enter_clusters().is_none(), "of no tenant");
        drop(sight.enter(Uuid::nil()));

        let words = sight.enter_clusters().unwrap();

        assert!(words.contains("organiser_id = '00000000"), "{words}");
        assert!(words.contains("(valid_to IS NULL OR valid_to >= current_date - 1)"), "{words}");
        assert!(sight.enter_clusters().is_none(), "said once");
    }
}
