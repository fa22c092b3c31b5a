#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "base/try.h"
#include "store/sqlite/blocking.h"
#include "store/sqlite/readers.h"
#include "store/sqlite/schema.h"

/// The rows of who holds a secret, agents and reviewers: two tables of one shape.
namespace infinium::store::sqlite {

/// The statements of one of the tables; literals.
struct HolderSql {
  std::string_view insert;        ///< project, id, name, secret_hash, created_at_ms
  std::string_view find;          ///< by id; columns as in holder_of()
  std::string_view list;          ///< the same columns
  std::string_view set_secret;    ///< secret_hash, id
  std::string_view set_disabled;  ///< disabled, id
  const char* none;               ///< the sentence for an id that is not there
};

template <class Holder>
Holder holder_of(const Query& row) {
  Holder holder;
  holder.key = row.integer(0);
  holder.id = row.uuid(1);
  holder.name = row.text(2);
  holder.secret_hash = row.sha256(3);
  holder.disabled = row.integer(4) != 0;
  holder.created_at_ms = row.integer(5);
  return holder;
}

/// Stores a new one; its key comes back.
template <class Holder>
Result<Holder> insert_holder(Writer& writer, const HolderSql& sql, Holder holder) {
  return write_and_wait<Holder>(writer, [sql, holder](Connection& connection) -> Result<Holder> {
    TRY_VOID(connection.query(sql.insert)
                 .bind(kDefaultProject,
                       holder.id,
                       holder.name,
                       Blob(holder.secret_hash),
                       holder.created_at_ms)
                 .run());
    Holder created = holder;
    created.key = connection.last_insert_rowid();
    return created;
  });
}

template <class Holder>
Result<Holder> find_holder(Readers& readers, const HolderSql& sql, const Uuid& id) {
  TRY(const Readers::Loan reader, readers.borrow());
  Query query = reader->query(sql.find);
  query.bind(id);
  TRY(const bool found, query.step());
  if (!found) {
    return Error{Code::not_found, sql.none};
  }
  return holder_of<Holder>(query);
}

template <class Holder>
Result<std::vector<Holder>> list_holders(Readers& readers, const HolderSql& sql) {
  TRY(const Readers::Loan reader, readers.borrow());
  Query query = reader->query(sql.list);
  std::vector<Holder> holders;
  while (true) {
    TRY(const bool found, query.step());
    if (!found) {
      return holders;
    }
    holders.push_back(holder_of<Holder>(query));
  }
}

/// Runs `update` with a value and the id; `not_found` if it met no row.
template <class Value>
Status update_holder(
    Writer& writer, std::string_view update, const char* none, Value value, const Uuid& id) {
  return write_and_wait<void>(
      writer, [update, none, value = std::move(value), id](Connection& connection) -> Status {
        TRY_VOID(connection.query(update).bind(value, id).run());
        if (connection.changes() == 0) {
          return Error{Code::not_found, none};
        }
        return {};
      });
}

}  // namespace infinium::store::sqlite
