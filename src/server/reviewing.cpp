#include "server/reviewing.h"

#include <utility>

#include "base/limits.h"
#include "base/try.h"
#include "server/opinion_json.h"
#include "server/queries.h"
#include "server/verdict_body.h"

namespace infinium::server {
namespace {

/// The trace that the path names, and what is said of it.
struct Subject {
  Uuid trace_id;
  store::TraceOpinions said;
};

Result<Subject> find_subject(store::Store& store, const Exchange& exchange) {
  TRY(const Uuid trace_id, parse_path_id(exchange.arguments.back(), "trace_id"));
  TRY(store::TraceOpinions said, store.opinions_of(exchange.agent->key, trace_id));
  return Subject{trace_id, std::move(said)};
}

void append_all(std::string& out, const Uuid& trace_id, const store::TraceOpinions& said) {
  out += "\"traceId\":\"" + trace_id.to_string() + "\",";
  append_verdicts(out, said.verdict, said.score, said.opinions, Detail::full);
}

Response to_response(Result<Response> outcome) {
  if (outcome) {
    return *std::move(outcome);
  }
  Error error = std::move(outcome).error();
  if (error.code == Code::timeout) {  // the store's, not the client's: 503 and not 408
    error.code = Code::unavailable;
  }
  return to_response(problem_of(error));
}

}  // namespace

Result<Response> Reviewing::give_now(const Exchange& exchange, std::string body) const {
  TRY(const std::string text,
      decode_body(exchange.encoding, std::move(body), limits::kVerdictBytesMax));
  TRY(store::NewOpinion opinion, parse_verdict_body(text));
  TRY(const Subject before, find_subject(services_.store, exchange));
  opinion.seq = before.said.seq;
  opinion.by = store::VerdictBy::person;
  opinion.reviewer = exchange.reviewer->key;
  TRY(const store::SavedOpinion saved, services_.store.save_opinion(std::move(opinion)));
  TRY(const Subject after, find_subject(services_.store, exchange));
  Response response;
  response.status = saved.kind == store::SavedOpinion::Kind::stored ? 201 : 200;
  response.body = "{\"success\":true,\"opinion\":";
  append_opinion(response.body, saved.opinion, Detail::full);
  response.body += ',';
  append_all(response.body, after.trace_id, after.said);
  response.body += '}';
  return response;
}

Task<Response> Reviewing::give(Exchange exchange) {
  const Exchange* const seen = &exchange;  // this frame waits until the work is done
  auto work = [this, seen, body = std::move(exchange.request.body)]() mutable {
    return give_now(*seen, std::move(body));
  };
  co_return to_response(co_await services_.pool.run(std::move(work)));
}

Result<Response> Reviewing::withdraw_now(const Exchange& exchange) const {
  TRY(const Subject before, find_subject(services_.store, exchange));
  TRY(const bool withdrawn,
      services_.store.withdraw_opinion(before.said.seq, exchange.reviewer->key));
  TRY(const Subject after, find_subject(services_.store, exchange));
  Response response;
  response.body = withdrawn ? "{\"success\":true,\"withdrawn\":true,"
                            : "{\"success\":true,\"withdrawn\":false,";
  append_all(response.body, after.trace_id, after.said);
  response.body += '}';
  return response;
}

Task<Response> Reviewing::withdraw(Exchange exchange) {
  const Exchange* const seen = &exchange;  // this frame waits until the work is done
  auto work = [this, seen] { return withdraw_now(*seen); };
  co_return to_response(co_await services_.pool.run(std::move(work)));
}

Result<Response> Reviewing::list_now(const Exchange& exchange) const {
  TRY(const Subject subject, find_subject(services_.store, exchange));
  Response response;
  response.body = "{";
  append_all(response.body, subject.trace_id, subject.said);
  response.body += ",\"ended\":[";
  for (const store::Opinion& opinion : subject.said.ended) {
    response.body += response.body.back() == '[' ? "" : ",";
    append_opinion(response.body, opinion, Detail::full);
  }
  response.body += "]}";
  return response;
}

Task<Response> Reviewing::list(Exchange exchange) {
  const Exchange* const seen = &exchange;  // this frame waits until the work is done
  auto work = [this, seen] { return list_now(*seen); };
  co_return to_response(co_await services_.pool.run(std::move(work)));
}

}  // namespace infinium::server
