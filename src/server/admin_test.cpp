#include "server/admin.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "base/hash.h"
#include "base/limits.h"
#include "codec/json_text.h"
#include "store/sqlite/open.h"

namespace infinium::server::admin {
namespace {

class Admin : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "infinium-adm-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
    auto opened = store::sqlite::open({.folder = folder_}, clock_, random_, log_);
    ASSERT_TRUE(opened) << opened.error().message;
    store_ = std::move(opened->store);
    rereading_ = std::make_unique<pipeline::RereadJob>(
        *store_,
        [] { return pipeline::maestro_engine(); },
        clock_,
        log_,
        [](store::AgentKey) {},
        std::chrono::seconds(0));
  }
  void TearDown() override {
    rereading_.reset();
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  [[nodiscard]] Powers powers() { return {*store_, random_, *rereading_}; }
  Result<Json> run(Json::Object request) { return execute(powers(), std::move(request)); }
  static std::string text(const Json& json, const char* key) {
    const Json* value = json.find(key);
    return value != nullptr && value->if_string() != nullptr ? *value->if_string() : "";
  }

  SystemClock clock_;
  SystemRandom random_;
  Log log_{clock_, LogLevel::error};
  std::filesystem::path folder_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<pipeline::RereadJob> rereading_;
};

TEST_F(Admin, AnAgentsSecretIsKeptAsItsHash) {
  const Result<Json> made = run({{"op", "agent.create"}, {"name", "checkout"}});
  ASSERT_TRUE(made) << made.error().message;
  const auto agent = store_->find_agent(*Uuid::parse(text(*made, "agent_id")));
  ASSERT_TRUE(agent);
  EXPECT_EQ(agent->name, "checkout");
  EXPECT_EQ(agent->secret_hash, sha256(text(*made, "agent_secret")));
}

TEST_F(Admin, RotatingEndsTheOldSecret) {
  const Result<Json> made = run({{"op", "agent.create"}, {"name", "a"}});
  const Result<Json> turned = run({{"op", "agent.rotate"}, {"agent", "a"}});
  ASSERT_TRUE(turned);
  EXPECT_EQ(text(*turned, "agent_id"), text(*made, "agent_id"));
  EXPECT_NE(text(*turned, "agent_secret"), text(*made, "agent_secret"));
  EXPECT_EQ(store_->find_agent(*Uuid::parse(text(*made, "agent_id")))->secret_hash,
            sha256(text(*turned, "agent_secret")));
}

TEST_F(Admin, DisablingByIdOrName) {
  const Result<Json> made = run({{"op", "agent.create"}, {"name", "a"}});
  const std::string id = text(*made, "agent_id");
  ASSERT_TRUE(run({{"op", "agent.disable"}, {"agent", "a"}}));
  EXPECT_TRUE(store_->find_agent(*Uuid::parse(id))->disabled);
  ASSERT_TRUE(run({{"op", "agent.enable"}, {"agent", id}}));
  EXPECT_FALSE(store_->find_agent(*Uuid::parse(id))->disabled);
}

TEST_F(Admin, ANameOfSeveralAgentsNamesNone) {
  ASSERT_TRUE(run({{"op", "agent.create"}, {"name", "a"}}));
  ASSERT_TRUE(run({{"op", "agent.create"}, {"name", "a"}}));
  EXPECT_EQ(run({{"op", "agent.disable"}, {"agent", "a"}}).error().code, Code::conflict);
  EXPECT_EQ(run({{"op", "agent.disable"}, {"agent", "b"}}).error().code, Code::not_found);
  const Result<Json> listed = run({{"op", "agent.list"}});
  ASSERT_TRUE(listed);
  EXPECT_EQ(listed->find("agents")->if_array()->size(), 2u);
}

TEST_F(Admin, APromptHasVersions) {
  const Result<Json> made = run({{"op", "prompt.create"}, {"name", "p"}, {"content", "one"}});
  ASSERT_TRUE(made) << made.error().message;
  const std::string id = text(*made, "prompt_id");
  EXPECT_EQ(*made->find("version"), Json(1));
  EXPECT_EQ(store_->find_prompt_key_hash(*Uuid::parse(id)).value(),
            sha256(text(*made, "prompt_key")));
  const Result<Json> pushed = run({{"op", "prompt.push"}, {"prompt", id}, {"content", "two"}});
  ASSERT_TRUE(pushed);
  EXPECT_EQ(*pushed->find("version"), Json(2));
  EXPECT_EQ(text(*run({{"op", "prompt.show"}, {"prompt", id}}), "content"), "two");
  EXPECT_EQ(text(*run({{"op", "prompt.show"}, {"prompt", id}, {"version", 1}}), "content"), "one");
  EXPECT_EQ(run({{"op", "prompt.show"}, {"prompt", id}, {"version", 3}}).error().code,
            Code::not_found);
  EXPECT_EQ(run({{"op", "prompt.list"}})->find("prompts")->if_array()->size(), 1u);
}

TEST_F(Admin, WhatIsWrongIsNamed) {
  EXPECT_EQ(run({{"op", "agent.create"}, {"name", ""}}).error().where, "name");
  EXPECT_EQ(run({{"op", "agent.create"}, {"name", std::string(501, 'x')}}).error().where, "name");
  EXPECT_EQ(run({{"op", "agent.create"}, {"name", 7}}).error().where, "name");
  EXPECT_EQ(run({{"op", "prompt.create"}, {"name", "p"}, {"content", ""}}).error().where,
            "content");
  EXPECT_EQ(run({{"op", "prompt.create"},
                 {"name", "p"},
                 {"content", std::string(limits::kPromptBytesMax + 1, 'x')}})
                .error()
                .code,
            Code::too_large);
  EXPECT_EQ(run({{"op", "prompt.push"}, {"prompt", "x"}, {"content", "c"}}).error().where,
            "prompt");
  EXPECT_EQ(run({{"op", "drop.everything"}}).error().where, "op");
  EXPECT_EQ(run({}).error().code, Code::invalid_argument);
}

TEST_F(Admin, ALineSaysWhatACallSays) {
  const auto ask = [&](std::string_view line) {
    return read_answer(answer_line(powers(), line, "http://h:1"));
  };
  const Result<Answer> made = ask(R"({"op":"agent.create","name":"a"})");
  ASSERT_TRUE(made);
  EXPECT_EQ(made->server, "http://h:1");
  EXPECT_TRUE(Uuid::parse(text(made->result, "agent_id")));
  EXPECT_EQ(ask(R"({"op":"agent.disable","agent":"b"})").error(),
            run({{"op", "agent.disable"}, {"agent", "b"}}).error());
  EXPECT_EQ(ask("not json").error().code, Code::malformed);
  EXPECT_EQ(ask("{\"op\":\"agent.create\",\"name\":\"\xff\"}").error().code, Code::malformed);
}

TEST_F(Admin, ReviewersAreHandledAsAgentsAreButApart) {
  const Result<Json> made = run({{"op", "reviewer.create"}, {"name", "Ada"}});
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(text(*made, "reviewer_key").substr(0, 4), "ifr_");
  const Uuid id = *Uuid::parse(text(*made, "reviewer_id"));
  EXPECT_EQ(store_->find_reviewer(id)->secret_hash, sha256(text(*made, "reviewer_key")));
  const Result<Json> turned = run({{"op", "reviewer.rotate"}, {"reviewer", "Ada"}});
  ASSERT_TRUE(turned) << turned.error().message;
  EXPECT_EQ(store_->find_reviewer(id)->secret_hash, sha256(text(*turned, "reviewer_key")));
  ASSERT_TRUE(run({{"op", "reviewer.disable"}, {"reviewer", id.to_string()}}));
  EXPECT_TRUE(store_->find_reviewer(id)->disabled);
  const Result<Json> listed = run({{"op", "reviewer.list"}});
  ASSERT_TRUE(listed);
  EXPECT_EQ(text(listed->find("reviewers")->if_array()->at(0), "name"), "Ada");
  ASSERT_TRUE(run({{"op", "reviewer.enable"}, {"reviewer", "Ada"}}));
  EXPECT_FALSE(store_->find_reviewer(id)->disabled);
  EXPECT_EQ(run({{"op", "agent.disable"}, {"agent", "Ada"}}).error().code, Code::not_found);
  EXPECT_EQ(run({{"op", "reviewer.rotate"}, {"reviewer", "Bob"}}).error().where, "reviewer");
}

TEST_F(Admin, ReadsTracesAgain) {
  EXPECT_EQ(text(*run({{"op", "reinterpret.status"}}), "state"), "none");
  ASSERT_TRUE(run({{"op", "agent.create"}, {"name", "a"}}));
  EXPECT_EQ(run({{"op", "reinterpret.start"}, {"agent", "b"}}).error().code, Code::not_found);
  ASSERT_TRUE(run({{"op", "reinterpret.start"}, {"agent", "a"}, {"dry_run", true}}));
  Json told;
  do {
    told = *run({{"op", "reinterpret.status"}});
  } while (text(told, "state") == "running");
  EXPECT_EQ(text(told, "state"), "done");
  EXPECT_TRUE(*told.find("dry_run")->if_bool());
  EXPECT_EQ(told.find("read")->if_number()->as_int64(), 0);
  EXPECT_EQ(text(*run({{"op", "reinterpret.stop"}}), "state"), "done");
}

}  // namespace
}  // namespace infinium::server::admin
