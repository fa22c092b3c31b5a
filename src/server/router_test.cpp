#include "server/router.h"

#include <gtest/gtest.h>

namespace infinium::server {
namespace {

std::variant<RouteMatch, Problem> route(std::string_view method, std::string_view target) {
  return find_route(method, parse_target(target).value());
}

Route route_of(std::string_view method, std::string_view target) {
  const auto found = route(method, target);
  const auto* match = std::get_if<RouteMatch>(&found);
  return match != nullptr ? match->route : Route::none;
}

Problem problem_of_route(std::string_view method, std::string_view target) {
  const auto found = route(method, target);
  const auto* problem = std::get_if<Problem>(&found);
  return problem != nullptr ? *problem : Problem{};
}

TEST(Router, FindsEveryRoute) {
  EXPECT_EQ(route_of("POST", "/api/v1/agents/a/trace"), Route::post_trace);
  EXPECT_EQ(route_of("POST", "/api/v1/agents/a/traces"), Route::post_traces);
  EXPECT_EQ(route_of("GET", "/api/v1/agents/a/traces?limit=1"), Route::agent_traces);
  EXPECT_EQ(route_of("GET", "/api/v1/agents/a/traces/t"), Route::agent_trace);
  EXPECT_EQ(route_of("GET", "/api/v1/agents/a/interpreted-result/t"), Route::interpreted_result);
  EXPECT_EQ(route_of("POST", "/api/v1/agents/a/traces/t/verdict"), Route::give_verdict);
  EXPECT_EQ(route_of("DELETE", "/api/v1/agents/a/traces/t/verdict"), Route::withdraw_verdict);
  EXPECT_EQ(route_of("GET", "/api/v1/agents/a/traces/t/verdicts"), Route::agent_verdicts);
  EXPECT_EQ(route_of("GET", "/api/v1/prompts/p/v/latest"), Route::prompt);
  EXPECT_EQ(route_of("GET", "/api/v1/traces"), Route::page_traces);
  EXPECT_EQ(route_of("GET", "/api/v1/agents/a/traces/t/results"), Route::agent_results);
  EXPECT_EQ(route_of("GET", "/api/v1/agents/a/traces/t/results/1"), Route::agent_result);
  EXPECT_EQ(route_of("GET", "/api/v1/traces/t"), Route::page_trace);
  EXPECT_EQ(route_of("GET", "/api/v1/traces/t/interpretation"), Route::page_interpretation);
  EXPECT_EQ(route_of("GET", "/healthz"), Route::healthz);
  EXPECT_EQ(route_of("GET", "/readyz"), Route::readyz);
  EXPECT_EQ(route_of("GET", "/metrics"), Route::metrics);
  EXPECT_EQ(route_of("GET", "/"), Route::page);
  EXPECT_EQ(route_of("GET", "/assets/app.js"), Route::asset);
  EXPECT_EQ(route_of("HEAD", "/healthz"), Route::healthz);
}

TEST(Router, TellsWrongMethodFromWrongAddress) {
  EXPECT_EQ(problem_of_route("DELETE", "/api/v1/agents/a/traces").allow, "POST, GET, HEAD");
  EXPECT_EQ(problem_of_route("GET", "/api/v1/agents/a/trace").status, 405);
  EXPECT_EQ(problem_of_route("GET", "/api/v1/agents/a/trace").allow, "POST");
  for (const std::string_view path : {"/nothing",
                                      "/api/v1/agents//trace",
                                      "/api/v1/agents/a/trace/",
                                      "/api/v1/agents/a",
                                      "/assets/",
                                      "/assets/a/b",
                                      "//"}) {
    EXPECT_EQ(problem_of_route("GET", path).status, 404) << path;
  }
}

TEST(Router, GivesTheArgumentsDecoded) {
  const auto found = route("GET", "/api/v1/agents/a%2Fb/traces/%C3%A9");
  EXPECT_EQ(std::get<RouteMatch>(found).arguments, (std::vector<std::string>{"a/b", "é"}));
}

TEST(Target, TakesQueriesApart) {
  const auto target = parse_target("http://h:1/p?q=a+b%26c&&empty&q=2#f").value();
  EXPECT_EQ(target.segments, std::vector<std::string>{"p"});
  EXPECT_EQ(*target.find("q"), "a b&c");
  EXPECT_EQ(*target.find("empty"), "");
  EXPECT_EQ(target.find("other"), nullptr);
}

TEST(Target, RefusesWhatIsNoPath) {
  for (const std::string_view text : {"*", "", "p", "/%", "/%4", "/%zz", "/%00", "/?a=%f"}) {
    EXPECT_FALSE(parse_target(text)) << text;
  }
  EXPECT_EQ(parse_target("http://host")->segments, std::vector<std::string>{""});
}

}  // namespace
}  // namespace infinium::server
