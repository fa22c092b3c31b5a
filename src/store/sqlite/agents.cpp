#include "store/sqlite/holder_rows.h"
#include "store/sqlite/sqlite_store.h"

namespace infinium::store::sqlite {
namespace {

constexpr HolderSql kSql{
    .insert =
        "INSERT INTO agent(project, id, name, secret_hash, disabled, created_at_ms)"
        " VALUES(?, ?, ?, ?, 0, ?)",
    .find = "SELECT key, id, name, secret_hash, disabled, created_at_ms FROM agent WHERE id = ?",
    .list = "SELECT key, id, name, secret_hash, disabled, created_at_ms FROM agent ORDER BY key",
    .set_secret = "UPDATE agent SET secret_hash = ? WHERE id = ?",
    .set_disabled = "UPDATE agent SET disabled = ? WHERE id = ?",
    .none = "there is no such agent",
};

}  // namespace

Result<Agent> SqliteStore::create_agent(std::string name, const Sha256& secret_hash) {
  Agent agent;
  agent.id = make_uuid_v7(clock_, random_);
  agent.name = std::move(name);
  agent.secret_hash = secret_hash;
  agent.created_at_ms = clock_.now_ms();
  return insert_holder(*writer_, kSql, std::move(agent));
}

Result<Agent> SqliteStore::find_agent(const Uuid& id) {
  return find_holder<Agent>(*readers_, kSql, id);
}

Result<std::vector<Agent>> SqliteStore::list_agents() {
  return list_holders<Agent>(*readers_, kSql);
}

Status SqliteStore::set_agent_secret(const Uuid& id, const Sha256& secret_hash) {
  return update_holder(*writer_, kSql.set_secret, kSql.none, secret_hash, id);
}

Status SqliteStore::set_agent_disabled(const Uuid& id, bool disabled) {
  return update_holder(*writer_, kSql.set_disabled, kSql.none, disabled, id);
}

}  // namespace infinium::store::sqlite
