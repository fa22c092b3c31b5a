#include "base/try.h"
#include "store/sqlite/blocking.h"
#include "store/sqlite/schema.h"
#include "store/sqlite/sqlite_store.h"

namespace infinium::store::sqlite {
namespace {

Error no_such_prompt() { return {Code::not_found, "there is no such prompt"}; }

Status insert_version(Connection& connection, std::int64_t prompt, const PromptVersion& version) {
  return connection
      .query(
          "INSERT INTO prompt_version(prompt, version, content, created_at_ms)"
          " VALUES(?, ?, ?, ?)")
      .bind(prompt, version.version, version.content, version.created_at_ms)
      .run();
}

Result<PromptVersion> push_version(Connection& connection, PromptVersion version) {
  std::int64_t prompt = 0;
  {
    Query query = connection.query("SELECT key, name, latest_version FROM prompt WHERE id = ?");
    query.bind(version.prompt_id);
    TRY(const bool found, query.step());
    if (!found) {
      return no_such_prompt();
    }
    prompt = query.integer(0);
    version.name = query.text(1);
    version.version = query.integer(2) + 1;
  }
  TRY_VOID(insert_version(connection, prompt, version));
  TRY_VOID(connection.query("UPDATE prompt SET latest_version = ? WHERE key = ?")
               .bind(version.version, prompt)
               .run());
  return version;
}

}  // namespace

Result<Prompt> SqliteStore::create_prompt(std::string name,
                                          std::string content,
                                          const Sha256& key_hash) {
  Prompt prompt;
  prompt.id = make_uuid_v7(clock_, random_);
  prompt.name = std::move(name);
  prompt.latest_version = 1;
  prompt.created_at_ms = clock_.now_ms();
  const PromptVersion first{prompt.id, prompt.name, 1, std::move(content), prompt.created_at_ms};
  return write_and_wait<Prompt>(
      *writer_, [prompt, first, key_hash](Connection& connection) -> Result<Prompt> {
        TRY_VOID(
            connection
                .query("INSERT INTO prompt(project, id, name, key_hash, latest_version,"
                       " created_at_ms) VALUES(?, ?, ?, ?, 1, ?)")
                .bind(kDefaultProject, prompt.id, prompt.name, Blob(key_hash), prompt.created_at_ms)
                .run());
        TRY_VOID(insert_version(connection, connection.last_insert_rowid(), first));
        return prompt;
      });
}

Result<PromptVersion> SqliteStore::push_prompt(const Uuid& id, std::string content) {
  const PromptVersion version{id, {}, 0, std::move(content), clock_.now_ms()};
  return write_and_wait<PromptVersion>(
      *writer_, [version](Connection& connection) { return push_version(connection, version); });
}

Result<std::vector<Prompt>> SqliteStore::list_prompts() {
  TRY(const Readers::Loan reader, readers_->borrow());
  Query query =
      reader->query("SELECT id, name, latest_version, created_at_ms FROM prompt ORDER BY key");
  std::vector<Prompt> prompts;
  while (true) {
    TRY(const bool found, query.step());
    if (!found) {
      return prompts;
    }
    prompts.push_back(
        {query.uuid(0), std::string(query.text(1)), query.integer(2), query.integer(3)});
  }
}

Result<PromptVersion> SqliteStore::find_prompt(const Uuid& id,
                                               std::optional<std::int64_t> version) {
  TRY(const Readers::Loan reader, readers_->borrow());
  Query query = reader->query(
      "SELECT p.name, v.version, v.content, v.created_at_ms FROM prompt p"
      " JOIN prompt_version v ON v.prompt = p.key AND v.version = ifnull(?2, p.latest_version)"
      " WHERE p.id = ?1");
  query.bind(id, version);
  TRY(const bool found, query.step());
  if (!found) {
    return Error{Code::not_found, "there is no such prompt or version"};
  }
  return PromptVersion{id,
                       std::string(query.text(0)),
                       query.integer(1),
                       std::string(query.text(2)),
                       query.integer(3)};
}

Result<Sha256> SqliteStore::find_prompt_key_hash(const Uuid& id) {
  TRY(const Readers::Loan reader, readers_->borrow());
  Query query = reader->query("SELECT key_hash FROM prompt WHERE id = ?");
  query.bind(id);
  TRY(const bool found, query.step());
  if (!found) {
    return no_such_prompt();
  }
  return query.sha256(0);
}

}  // namespace infinium::store::sqlite
