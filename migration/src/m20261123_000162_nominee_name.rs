//! The name of a nominee in its search form, the nominee for whom an award was given, and indexes for the times by which
//! submissions and awards are looked for.

use sea_orm_migration::prelude::*;

use crate::dialect::run;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, UP).await?;
        for (plain, letters) in LETTERS {
            run(manager, &[&without(letters, plain)]).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, DOWN).await
    }
}

const UP: &[&str] = &[
    "ALTER TABLE nominee ADD COLUMN name_search text NOT NULL DEFAULT ''",
    "UPDATE nominee SET name_search = lower(name)",
    "CREATE INDEX submission_tenant_id_sent_at_idx ON submission (tenant_id, sent_at, id)",
    "CREATE INDEX award_tenant_id_decided_on_idx ON award (tenant_id, decided_on, id)",
    // An award follows from its acts, and those of before name no nominee: it stays unknown for them.
    "ALTER TABLE award ADD COLUMN nominee_id {uuid}",
    "CREATE INDEX award_tenant_id_nominee_id_idx ON award (tenant_id, nominee_id)",
];

const DOWN: &[&str] = &[
    "DROP INDEX award_tenant_id_nominee_id_idx",
    "ALTER TABLE award DROP COLUMN nominee_id",
    "DROP INDEX award_tenant_id_decided_on_idx",
    "DROP INDEX submission_tenant_id_sent_at_idx",
    "ALTER TABLE nominee DROP COLUMN name_search",
];

/// Letters by what they are without accents; the lower case of a database may know plain letters only.
const LETTERS: [(&str, &str); 8] = [
    ("a", "àáảãạăằắẳẵặâầấẩẫậÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬ"),
    ("d", "đĐ"),
    ("e", "èéẻẽẹêềếểễệÈÉẺẼẸÊỀẾỂỄỆ"),
    ("i", "ìíỉĩịÌÍỈĨỊ"),
    ("o", "òóỏõọôồốổỗộơờớởỡợÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢ"),
    ("u", "ùúủũụưừứửữựÙÚỦŨỤƯỪỨỬỮỰ"),
    ("y", "ỳýỷỹỵỲÝỶỸỴ"),
    // Accents that stand as signs of their own.
    ("", "\u{300}\u{301}\u{302}\u{303}\u{306}\u{309}\u{31b}\u{323}"),
];

/// Puts a plain letter in the place of each of these.
fn without(letters: &str, plain: &str) -> String {
    let nested = letters.chars().fold("name_search".to_owned(), |text, letter| {
        format!("replace({text}, '{letter}', '{plain}')")
    });
    format!("UPDATE nominee SET name_search = {nested}")
}
