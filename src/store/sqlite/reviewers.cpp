#include "store/sqlite/holder_rows.h"
#include "store/sqlite/sqlite_store.h"

namespace infinium::store::sqlite {
namespace {

constexpr HolderSql kSql{
    .insert =
        "INSERT INTO reviewer(project, id, name, secret_hash, disabled, created_at_ms)"
        " VALUES(?, ?, ?, ?, 0, ?)",
    .find = "SELECT key, id, name, secret_hash, disabled, created_at_ms FROM reviewer WHERE id = ?",
    .list = "SELECT key, id, name, secret_hash, disabled, created_at_ms FROM reviewer ORDER BY key",
    .set_secret = "UPDATE reviewer SET secret_hash = ? WHERE id = ?",
    .set_disabled = "UPDATE reviewer SET disabled = ? WHERE id = ?",
    .none = "there is no such reviewer",
};

}  // namespace

Result<Reviewer> SqliteStore::create_reviewer(std::string name, const Sha256& secret_hash) {
  Reviewer reviewer;
  reviewer.id = make_uuid_v7(clock_, random_);
  reviewer.name = std::move(name);
  reviewer.secret_hash = secret_hash;
  reviewer.created_at_ms = clock_.now_ms();
  return insert_holder(*writer_, kSql, std::move(reviewer));
}

Result<Reviewer> SqliteStore::find_reviewer(const Uuid& id) {
  return find_holder<Reviewer>(*readers_, kSql, id);
}

Result<std::vector<Reviewer>> SqliteStore::list_reviewers() {
  return list_holders<Reviewer>(*readers_, kSql);
}

Status SqliteStore::set_reviewer_secret(const Uuid& id, const Sha256& secret_hash) {
  return update_holder(*writer_, kSql.set_secret, kSql.none, secret_hash, id);
}

Status SqliteStore::set_reviewer_disabled(const Uuid& id, bool disabled) {
  return update_holder(*writer_, kSql.set_disabled, kSql.none, disabled, id);
}

}  // namespace infinium::store::sqlite
