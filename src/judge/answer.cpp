#include "judge/answer.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/try.h"
#include "codec/interpretation_json.h"
#include "codec/json_text.h"
#include "judge/data_text.h"
#include "judge/quotes.h"

namespace infinium::judge {
namespace {

constexpr std::size_t kEnvelopeDepthMax = 32;
constexpr std::size_t kContentDepthMax = 8;
constexpr std::size_t kRationaleBytesMax = 4'000;
constexpr std::size_t kReasonBytesMax = 1'000;
constexpr std::size_t kQuotesMax = 100;  ///< of one answer; each costs a search through the trace
constexpr std::int64_t kTokensMax = 100'000'000;

Error not_a_completion(std::string_view why) {
  return {Code::malformed, "the endpoint's answer " + std::string(why)};
}

Error unusable(std::string_view why) {
  return {Code::invalid_argument, "the model's answer " + std::string(why)};
}

const std::string* text_member(const Json& json, std::string_view key) {
  const Json* const member = json.find(key);
  return member == nullptr ? nullptr : member->if_string();
}

std::optional<std::int64_t> token_count(const Json& usage, std::string_view key) {
  const Json* const member = usage.find(key);
  const JsonNumber* const number = member == nullptr ? nullptr : member->if_number();
  const auto count = number == nullptr ? std::nullopt : number->as_int64();
  return count && *count >= 0 && *count <= kTokensMax ? count : std::nullopt;
}

std::optional<Usage> usage_of(const Json& envelope) {
  const Json* const usage = envelope.find("usage");
  if (usage == nullptr) {
    return std::nullopt;
  }
  const auto prompt = token_count(*usage, "prompt_tokens");
  const auto completion = token_count(*usage, "completion_tokens");
  return prompt && completion ? std::optional(Usage{*prompt, *completion}) : std::nullopt;
}

/// Whether an object has exactly these members, in any order (the reader refuses repeated ones).
template <std::size_t count>
bool has_exactly(const Json::Object& members, const std::array<std::string_view, count>& keys) {
  return members.size() == count && std::ranges::all_of(members, [&](const JsonMember& member) {
           return std::ranges::find(keys, member.key) != keys.end();
         });
}

template <class E, std::size_t count>
std::optional<E> enum_of(const Json& json, const std::array<E, count>& values) {
  const std::string* const name = json.if_string();
  const auto found = std::ranges::find_if(
      values, [&](E value) { return name != nullptr && codec::to_string(value) == *name; });
  return found == values.end() ? std::nullopt : std::optional(*found);
}

std::string clean(std::string_view text, std::size_t bytes_max) {
  std::string out(text);
  std::erase_if(
      out, [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7f; });
  return trim_middle(out, bytes_max);
}

/// Reads the members of one answer, each once.
class OpinionReader {
 public:
  explicit OpinionReader(const Question& question) : question_(question) {}

  Result<Opinion> read(const Json& answer) {
    constexpr std::array<std::string_view, 5> kPlain{
        "verdict", "confidence", "rationale", "root_step", "quotes"};
    constexpr std::array<std::string_view, 6> kWithRubric{
        "verdict", "confidence", "rationale", "root_step", "quotes", "rubric"};
    const Json::Object* const members = answer.if_object();
    const bool asked = !question_.rubric_ids.empty();
    if (members == nullptr ||
        !(asked ? has_exactly(*members, kWithRubric) : has_exactly(*members, kPlain))) {
      return unusable("lacks members of the schema or has others");
    }
    TRY_VOID(read_verdict(answer));
    TRY_VOID(read_root_step(*answer.find("root_step")));
    TRY(opinion_.quotes, read_quotes(*answer.find("quotes")));
    if (asked) {
      TRY_VOID(read_rubric(*answer.find("rubric")));
    }
    opinion_.quotes_dropped = quotes_given_ - quotes_kept_;
    if (quotes_given_ > 0 && quotes_kept_ == 0) {
      return unusable("quotes only words that do not stand in the trace");
    }
    return std::move(opinion_);
  }

 private:
  Status read_verdict(const Json& answer) {
    constexpr std::array kVerdicts{
        Verdict::succeeded, Verdict::partially_succeeded, Verdict::failed, Verdict::undetermined};
    const auto verdict = enum_of(*answer.find("verdict"), kVerdicts);
    if (!verdict) {
      return unusable("has no verdict of the schema");
    }
    const JsonNumber* const confidence = answer.find("confidence")->if_number();
    const double value = confidence == nullptr ? -1 : confidence->as_double();
    if (!(value >= 0 && value <= 1)) {
      return unusable("has no confidence between 0 and 1");
    }
    const std::string* const rationale = answer.find("rationale")->if_string();
    if (rationale == nullptr) {
      return unusable("has a rationale that is no text");
    }
    opinion_.verdict = *verdict;
    opinion_.confidence = value;
    opinion_.rationale = clean(*rationale, kRationaleBytesMax);
    return {};
  }

  Status read_root_step(const Json& json) {
    if (json.is_null()) {
      return {};
    }
    const JsonNumber* const number = json.if_number();
    const auto index = number == nullptr ? std::nullopt : number->as_int64();
    if (!index || *index < 0 || static_cast<std::size_t>(*index) >= question_.steps_shown.size() ||
        !question_.steps_shown[static_cast<std::size_t>(*index)]) {
      return unusable("names a root step that it was not shown");
    }
    const Json& step =
        (*question_.trace.find("steps")->if_array())[static_cast<std::size_t>(*index)];
    const Json* const sent = step.find("step_number");
    opinion_.root_step = RootStep{{}, *index};
    if (sent != nullptr && sent->if_number() != nullptr) {
      opinion_.root_step->step = sent->if_number()->as_int64();
    }
    return {};
  }

  Result<std::vector<QuoteEvidence>> read_quotes(const Json& json) {
    constexpr std::array<std::string_view, 2> kMembers{"field", "text"};
    const Json::Array* const items = json.if_array();
    if (items == nullptr || quotes_given_ + items->size() > kQuotesMax) {
      return unusable("has no list of quotes, or too many of them");
    }
    std::vector<QuoteEvidence> quotes;
    for (const Json& item : *items) {
      const std::string* const field = text_member(item, "field");
      const std::string* const text = text_member(item, "text");
      if (field == nullptr || text == nullptr || !has_exactly(*item.if_object(), kMembers)) {
        return unusable("has a quote that does not follow the schema");
      }
      ++quotes_given_;
      if (auto quote = find_quote(question_.trace, *field, *text)) {
        quotes.push_back(*std::move(quote));
        ++quotes_kept_;
      }
    }
    return quotes;
  }

  Result<ItemOpinion> read_item(const Json& json) {
    constexpr std::array<std::string_view, 4> kMembers{"id", "status", "reason", "quotes"};
    constexpr std::array kStatuses{RubricStatus::met, RubricStatus::unmet, RubricStatus::unclear};
    const std::string* const id = text_member(json, "id");
    const std::string* const reason = text_member(json, "reason");
    if (id == nullptr || reason == nullptr || !has_exactly(*json.if_object(), kMembers)) {
      return unusable("has an item of the rubric that does not follow the schema");
    }
    const auto status = enum_of(*json.find("status"), kStatuses);
    if (!status) {
      return unusable("has an item of the rubric without a status of the schema");
    }
    const std::size_t given_before = quotes_given_;
    ItemOpinion item{*id, *status, clean(*reason, kReasonBytesMax), {}};
    TRY(item.quotes, read_quotes(*json.find("quotes")));
    if (quotes_given_ > given_before && item.quotes.empty()) {
      item.status = RubricStatus::unclear;
    }
    return item;
  }

  Status read_rubric(const Json& json) {
    const Json::Array* const items = json.if_array();
    if (items == nullptr) {
      return unusable("has a rubric that is no list");
    }
    for (const std::string& id : question_.rubric_ids) {
      opinion_.rubric.push_back({id, RubricStatus::unclear, "The judge left this item out.", {}});
    }
    std::vector<bool> seen(question_.rubric_ids.size());
    for (const Json& one : *items) {
      TRY(ItemOpinion item, read_item(one));
      const auto found = std::ranges::find(question_.rubric_ids, item.id);
      const auto at = static_cast<std::size_t>(found - question_.rubric_ids.begin());
      if (found == question_.rubric_ids.end() || seen[at]) {
        return unusable("has an item of the rubric that was not asked for, or one twice");
      }
      seen[at] = true;
      opinion_.rubric[at] = std::move(item);
    }
    return {};
  }

  const Question& question_;
  Opinion opinion_;
  std::size_t quotes_given_ = 0;
  std::size_t quotes_kept_ = 0;
};

}  // namespace

Result<Completion> parse_completion(std::string_view body) {
  if (body.size() > kAnswerBytesMax) {
    return Error{Code::too_large, "the endpoint's answer is larger than 1 MiB"};
  }
  const auto envelope = codec::parse_json(body, kEnvelopeDepthMax);
  if (!envelope) {
    return not_a_completion("is no JSON");
  }
  const Json* const choices = envelope->find("choices");
  const Json::Array* const items = choices == nullptr ? nullptr : choices->if_array();
  if (items == nullptr || items->empty()) {
    return not_a_completion("is no chat completion");
  }
  const Json& choice = items->front();
  const Json* const message = choice.find("message");
  if (message == nullptr || message->if_object() == nullptr) {
    return not_a_completion("is no chat completion");
  }
  Completion completion;
  if (const std::string* const content = text_member(*message, "content")) {
    completion.content = *content;
  }
  if (const std::string* const reason = text_member(choice, "finish_reason")) {
    completion.finish_reason = *reason;
  }
  completion.refused = text_member(*message, "refusal") != nullptr;
  completion.usage = usage_of(*envelope);
  return completion;
}

Result<Opinion> parse_opinion(const Completion& completion, const Question& question) {
  if (completion.refused || completion.finish_reason == "content_filter") {
    return unusable("is a refusal");
  }
  if (completion.finish_reason == "length") {
    return unusable("was cut off at the limit of tokens");
  }
  const auto answer = codec::parse_json(completion.content, kContentDepthMax);
  if (!answer) {
    return unusable("is no JSON");
  }
  return OpinionReader(question).read(*answer);
}

Result<Opinion> parse_answer(std::string_view body, const Question& question) {
  TRY(const Completion completion, parse_completion(body));
  return parse_opinion(completion, question);
}

}  // namespace infinium::judge
