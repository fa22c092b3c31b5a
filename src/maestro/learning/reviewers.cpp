#include "maestro/learning/reviewers.h"

#include <algorithm>
#include <map>
#include <string_view>

namespace infinium::maestro {
namespace {

constexpr int kRounds = 10;
constexpr double kPriorCareful = 4;
constexpr double kPriorCareless = 1;
constexpr double kCareLeast = 0.02;

struct Voice {
  std::string name;
  std::array<double, kVerdicts> usual{};  ///< how he answers without looking
  double care = kPriorCareful / (kPriorCareful + kPriorCareless);
  std::int64_t verdicts = 0;
  std::int64_t shared = 0;
};

struct Said {
  std::size_t voice = 0;
  std::size_t verdict = 0;
};

using Shares = std::array<double, kVerdicts>;

class Weighing {
 public:
  explicit Weighing(std::span<const VotedRun> runs) {
    list_voices(runs);
    for (const VotedRun& run : runs) {
      std::vector<Said>& said = said_.emplace_back();
      for (const Vote& vote : run.votes) {
        said.push_back({index_[vote.reviewer], static_cast<std::size_t>(vote.verdict)});
      }
      if (run.evidence != nullptr) {
        said.push_back({evidence_, static_cast<std::size_t>(*run.evidence)});
      }
    }
    count();
  }

  void run_rounds() {
    for (int round = 0; round < kRounds; ++round) {
      run_round();
    }
  }
  void trust_all() {
    for (Voice& voice : voices_) {
      voice.care = 1 - kCareLeast;
    }
  }

  [[nodiscard]] Weighed result() const {
    Weighed weighed;
    for (const std::vector<Said>& said : said_) {
      weighed.runs.push_back(consensus_of(said));
    }
    for (std::size_t i = 0; i < evidence_; ++i) {
      const Voice& voice = voices_[i];
      weighed.reviewers.push_back({voice.name, voice.verdicts, voice.shared, voice.care});
    }
    return weighed;
  }

 private:
  void list_voices(std::span<const VotedRun> runs) {
    for (const VotedRun& run : runs) {
      for (const Vote& vote : run.votes) {
        index_.emplace(vote.reviewer, 0);
      }
    }
    for (auto& [name, index] : index_) {
      index = voices_.size();
      voices_.emplace_back().name = name;
    }
    evidence_ = voices_.size();
    voices_.emplace_back();
  }

  void count() {
    for (Voice& voice : voices_) {
      voice.usual.fill(1);
    }
    for (const std::vector<Said>& said : said_) {
      for (const Said& one : said) {
        Voice& voice = voices_[one.voice];
        voice.usual[one.verdict] += 1;
        ++voice.verdicts;
        voice.shared += said.size() > 1 ? 1 : 0;
      }
    }
    double all = 0;
    common_.fill(1);
    for (std::size_t i = 0; i < evidence_; ++i) {
      Voice& voice = voices_[i];
      all += static_cast<double>(voice.verdicts);
      for (std::size_t verdict = 0; verdict < kVerdicts; ++verdict) {
        common_[verdict] += voice.usual[verdict] - 1;
        voice.usual[verdict] /=
            static_cast<double>(voice.verdicts) + static_cast<double>(kVerdicts);
      }
    }
    for (double& share : common_) {
      share /= all + static_cast<double>(kVerdicts);
    }
    // It speaks only where it has something to say, so that how often it says what tells nothing.
    voices_[evidence_].usual.fill(1.0 / static_cast<double>(kVerdicts));
  }

  /// How likely each verdict is the true one, given what was said.
  struct Belief {
    Shares all{};    ///< sums to 1
    Shares blind{};  ///< the part of it where nobody looked
  };

  [[nodiscard]] Belief belief_of(const std::vector<Said>& said, bool with_evidence) const {
    Belief belief{common_, common_};
    for (const Said& one : said) {
      const Voice& voice = voices_[one.voice];
      if (one.voice == evidence_ && !with_evidence) {
        continue;
      }
      const double guess = (1 - voice.care) * voice.usual[one.verdict];
      double sum = 0;
      for (std::size_t verdict = 0; verdict < kVerdicts; ++verdict) {
        belief.all[verdict] *= guess + (verdict == one.verdict ? voice.care : 0);
        belief.blind[verdict] *= guess;
        sum += belief.all[verdict];
      }
      for (std::size_t verdict = 0; verdict < kVerdicts; ++verdict) {
        belief.all[verdict] /= sum;  // at once: many voices would leave the range of a double
        belief.blind[verdict] /= sum;
      }
    }
    return belief;
  }

  /// What those who looked say; who did not has no part in it, so that it is not blurred by
  /// guesses. The weight does not depend on what was said: else rare verdicts would count less.
  [[nodiscard]] Consensus consensus_of(const std::vector<Said>& said) const {
    const Belief belief = belief_of(said, false);
    Consensus run;
    double seen = 0;
    double nobody = 1;
    for (std::size_t verdict = 0; verdict < kVerdicts; ++verdict) {
      run.share[verdict] = std::max(0.0, belief.all[verdict] - belief.blind[verdict]);
      seen += run.share[verdict];
    }
    for (std::size_t verdict = 0; verdict < kVerdicts; ++verdict) {
      run.share[verdict] = seen > 0 ? run.share[verdict] / seen : common_[verdict];
    }
    for (const Said& one : said) {
      nobody *= one.voice == evidence_ ? 1 : 1 - voices_[one.voice].care;
    }
    run.weight = 1 - nobody;
    return run;
  }

  void run_round() {
    std::vector<double> careful(voices_.size(), kPriorCareful);
    for (const std::vector<Said>& said : said_) {
      const Shares shares = belief_of(said, true).all;
      for (const Said& one : said) {
        const Voice& voice = voices_[one.voice];
        const double guess = (1 - voice.care) * voice.usual[one.verdict];
        careful[one.voice] +=
            said.size() > 1 ? shares[one.verdict] * voice.care / (voice.care + guess) : 0;
      }
    }
    for (std::size_t i = 0; i < voices_.size(); ++i) {
      const double all = kPriorCareful + kPriorCareless + static_cast<double>(voices_[i].shared);
      voices_[i].care = std::clamp(careful[i] / all, kCareLeast, 1 - kCareLeast);
    }
  }

  std::map<std::string, std::size_t> index_;
  std::vector<Voice> voices_;  ///< people by id, then the evidence
  std::size_t evidence_ = 0;
  std::vector<std::vector<Said>> said_;
  Shares common_{};  ///< how often people give each verdict
};

}  // namespace

Weighed weigh_reviewers(std::span<const VotedRun> runs, bool weigh) {
  Weighing weighing(runs);
  if (weigh) {
    weighing.run_rounds();
  } else {
    weighing.trust_all();
  }
  return weighing.result();
}

}  // namespace infinium::maestro
