//! The loader against a fresh SQLite file: what is there afterwards, and that it is there once.

use migration::{Migrator, MigratorTrait};
use sea_orm::{PaginatorTrait, QueryFilter};

use super::*;
use crate::access::{Address, Database};
use crate::domain::comparison::rules::compare;
use crate::domain::criterion::tree::{CriterionDraft, check_tree};

struct Scratch {
    database: Database,
    path: std::path::PathBuf,
}

async fn scratch(name: &str) -> Scratch {
    let path = std::env::temp_dir().join(format!("thidua-demo-{name}-{}.db", std::process::id()));
    let url = format!("sqlite://{}?mode=rwc", path.display());
    let database = Database::open(&Address { url, connections: 2 }).await.unwrap();
    Migrator::up(database.pool(), None).await.unwrap();
    crate::reference::load(database.pool()).await.unwrap();
    Scratch { database, path }
}

impl Scratch {
    async fn count<E: EntityTrait>(&self) -> u64
    where
        E::Model: Sync,
    {
        E::find().count(self.database.pool()).await.unwrap()
    }

    async fn load(&self) -> anyhow::Result<u64> {
        let mut seen = 0;
        load(self.database.pool(), &mut |step: Step| seen = step.done).await.map(|()| seen)
    }

    async fn close(self) {
        self.database.close().await.unwrap();
        for end in ["", "-wal", "-shm"] {
            drop(std::fs::remove_file(format!("{}{end}", self.path.display())));
        }
    }
}

#[tokio::test]
async fn the_demo_is_loaded_once() {
    let scratch = scratch("once").await;
    assert_eq!(content(scratch.database.pool()).await.unwrap(), Content::Nothing);

    let rows = scratch.load().await.unwrap();

    assert!(rows > 4000, "{rows}");
    assert_eq!(content(scratch.database.pool()).await.unwrap(), Content::Demo);
    assert!(scratch.load().await.is_err());
    assert_eq!(scratch.count::<entity::tenant::Entity>().await, 91);
    assert_eq!(scratch.count::<entity::tenant_lineage::Entity>().await, 52);
    assert_eq!(scratch.count::<entity::tenant_code::Entity>().await, 102);
    assert_eq!(scratch.count::<entity::cluster::Entity>().await, 16);
    assert_eq!(scratch.count::<entity::cluster_member::Entity>().await, 105 + 7);
    assert_eq!(scratch.count::<entity::cluster_head::Entity>().await, 62);
    assert_eq!(scratch.count::<entity::unit::Entity>().await, 174);
    assert_eq!(scratch.count::<entity::comparison::Entity>().await, 31);
    assert_eq!(scratch.count::<entity::submission::Entity>().await, 24);
    assert_eq!(scratch.count::<entity::own_document::Entity>().await, 1);
    assert_eq!(scratch.count::<entity::ballot_rule::Entity>().await, 1);
    scratch.close().await;
}

#[tokio::test]
async fn the_register_has_the_present_provinces_and_is_loaded_once() {
    use entity::tenant::{Column, Entity};
    let scratch = scratch("register").await;

    let again = crate::reference::load(scratch.database.pool()).await.unwrap();

    let present = Entity::find().filter(Column::CodeScheme.eq("QD19_2025"));
    assert_eq!(present.count(scratch.database.pool()).await.unwrap(), 34);
    assert!(!again);
    scratch.close().await;
}

#[test]
fn the_ballot_of_the_council_cites_its_regulation() {
    let rows = build("").unwrap();

    let document = &rows.own_document[0];
    assert_eq!(document.number, "1207/QĐ-UBND");
    assert!(rows.ballot_rule[0].citation.contains(&document.number));
    assert!(!rows.ballot_candidate.is_empty());
    for one in &rows.ballot_candidate {
        assert!(one.rule.contains(&document.number), "{}", one.rule);
    }
}

#[test]
fn the_demo_comes_out_the_same_each_time() {
    let (first, second) = (build("").unwrap(), build("").unwrap());

    assert_eq!(first.score, second.score);
    assert_eq!(first.submission_transition, second.submission_transition);
    assert_eq!(first.comparison, second.comparison);
}

#[test]
fn one_cell_of_351_is_missing_and_every_measure_fits_its_criterion() {
    let mut rows = Rows::default();
    let names = unit::build(&mut rows).unwrap();
    person::build(&mut rows, "").unwrap();
    let clusters = cluster::build(&mut rows, &names).unwrap();
    let scales = criteria::build(&mut rows, &clusters).unwrap();
    for scale in &scales {
        let scores = score::build(&mut rows, scale);
        comparison::build(&mut rows, scale, &scores).unwrap();
        if scale.stage == criteria::Stage::Provisional {
            let table = compare(&comparison::input(scale, &scores).unwrap());
            assert_eq!(table.completeness.expected, table.completeness.reported + 1);
        }
        let draft = |one: &criteria::Criterion| CriterionDraft {
            code: one.row.code.clone(),
            parent: scale
                .criteria
                .iter()
                .find(|p| Some(p.row.id) == one.row.parent_id)
                .map(|p| p.row.code.clone()),
            max: one.max,
            kind: one.kind.clone(),
        };
        assert_eq!(check_tree(&scale.criteria.iter().map(draft).collect::<Vec<_>>()), Ok(()));
        for score in &scores {
            let criterion =
                scale.criteria.iter().find(|one| one.row.id == score.criterion_id).unwrap();
            let measure = comparison::measure(score);
            assert_eq!(
                measure.check(&criterion.kind, criterion.max),
                Ok(()),
                "{} {measure:?}",
                criterion.row.code
            );
        }
    }
    assert_eq!(rows.comparison_row.len(), 105 + 7);
    assert!(rows.comparison_row.iter().all(|row| row.rank.is_some() && row.total.is_some()));
    let best = rows.comparison_row.iter().filter(|row| row.rank == Some(1)).count();
    assert_eq!(best, 16);
}

#[tokio::test]
async fn the_password_of_the_demo_is_the_published_one() {
    let hash = hash().await.unwrap();

    assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
    assert!(Hashing::new().unwrap().verify(&Password::typed(PASSWORD), &hash).await.unwrap());
}
