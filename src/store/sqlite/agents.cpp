#include "base/try.h"
#include "store/sqlite/blocking.h"
#include "store/sqlite/schema.h"
#include "store/sqlite/sqlite_store.h"

namespace infinium::store::sqlite {
namespace {

Agent agent_of(const Query& row) {
  Agent agent;
  agent.key = row.integer(0);
  agent.id = row.uuid(1);
  agent.name = row.text(2);
  agent.secret_hash = row.sha256(3);
  agent.disabled = row.integer(4) != 0;
  agent.created_at_ms = row.integer(5);
  return agent;
}

Error no_such_agent() { return {Code::not_found, "there is no such agent"}; }

/// The answer of an update that must have met one row.
Status one_changed(const Connection& connection) {
  if (connection.changes() == 0) {
    return no_such_agent();
  }
  return {};
}

}  // namespace

Result<Agent> SqliteStore::create_agent(std::string name, const Sha256& secret_hash) {
  Agent agent;
  agent.id = make_uuid_v7(clock_, random_);
  agent.name = std::move(name);
  agent.secret_hash = secret_hash;
  agent.created_at_ms = clock_.now_ms();
  return write_and_wait<Agent>(*writer_, [agent](Connection& connection) -> Result<Agent> {
    TRY_VOID(
        connection
            .query("INSERT INTO agent(project, id, name, secret_hash, disabled,"
                   " created_at_ms) VALUES(?, ?, ?, ?, 0, ?)")
            .bind(
                kDefaultProject, agent.id, agent.name, Blob(agent.secret_hash), agent.created_at_ms)
            .run());
    Agent created = agent;
    created.key = connection.last_insert_rowid();
    return created;
  });
}

Result<Agent> SqliteStore::find_agent(const Uuid& id) {
  TRY(const Readers::Loan reader, readers_->borrow());
  Query query = reader->query(
      "SELECT key, id, name, secret_hash, disabled, created_at_ms FROM agent WHERE id = ?");
  query.bind(id);
  TRY(const bool found, query.step());
  if (!found) {
    return no_such_agent();
  }
  return agent_of(query);
}

Result<std::vector<Agent>> SqliteStore::list_agents() {
  TRY(const Readers::Loan reader, readers_->borrow());
  Query query = reader->query(
      "SELECT key, id, name, secret_hash, disabled, created_at_ms FROM agent ORDER BY key");
  std::vector<Agent> agents;
  while (true) {
    TRY(const bool found, query.step());
    if (!found) {
      return agents;
    }
    agents.push_back(agent_of(query));
  }
}

Status SqliteStore::set_agent_secret(const Uuid& id, const Sha256& secret_hash) {
  return write_and_wait<void>(*writer_, [id, secret_hash](Connection& connection) -> Status {
    TRY_VOID(connection.query("UPDATE agent SET secret_hash = ? WHERE id = ?")
                 .bind(Blob(secret_hash), id)
                 .run());
    return one_changed(connection);
  });
}

Status SqliteStore::set_agent_disabled(const Uuid& id, bool disabled) {
  return write_and_wait<void>(*writer_, [id, disabled](Connection& connection) -> Status {
    TRY_VOID(
        connection.query("UPDATE agent SET disabled = ? WHERE id = ?").bind(disabled, id).run());
    return one_changed(connection);
  });
}

}  // namespace infinium::store::sqlite
