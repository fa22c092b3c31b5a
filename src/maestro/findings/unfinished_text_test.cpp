#include "maestro/findings/unfinished_text.h"

#include <gtest/gtest.h>

#include "maestro/findings/trace_sketch.h"

namespace infinium::maestro {
namespace {

bool stops_in_the_middle(const char* output) {
  TraceSketch sketch("Redirect parcel JD-44 to the locker at Wilmslow Road Filling Station.");
  sketch
      .tool("redirect",
            R"({"parcel": "JD-44", "locker": "Wilmslow Road Filling Station"})",
            R"({"state": "accepted", "partitions": ["events_2024_01", "events_2024_02"]})")
      .output(output);
  const TraceView view(sketch.trace());
  return open_end_of(view, *view.final_output()).has_value();
}

TEST(UnfinishedText, IsLeftOpen) {
  for (const char* text : {
           "Your parcel is on its way. It goes to the locker at",
           "Your parcel is on its way. We have just",
           "The report is ready, with the figures of May and",
           R"({"parcel": "JD-44", "locker": "Wilmslow Ro)",
           "Here it is:\n```python\nprint(1)",
           "Parcel JD-44 is redirected. It goes to Wilmslow Road Fill",
           "Dropped:\n- events_2024_01\n- events_20",
           "荷物を転送しました。受け取り場所は",
           "二型が届きます。\n・M-23は6月25日の見込みです。\n・M-21は6月30日に到達の見",
           "Das Paket ist unterwegs. Es liegt ab morgen in der",
           "Todo listo, Carmen. Deducciones: persiana, limpieza y",
       }) {
    EXPECT_TRUE(stops_in_the_middle(text)) << text;
  }
}

TEST(UnfinishedText, MayEndWithoutAStop) {
  for (const char* text : {
           "Your parcel is on its way. Let me know if you need anything else",
           "荷物を転送しました。\n番号はJD-44です。\n以上",
           "予定は次のとおりです。\n・10時 歯医者\n・15時 面談の予定あり",
           "Dropped:\n- events_2024_01\n- events_2024_02",
           R"({"parcel": "JD-44", "locker": null})",
           "[Note] The parcel is redirected",
           "| a | b |\n| --- | --- |\n| 1 | 2 |",
           "Here it is:\n```python\nprint(1)\n```",
           "Best regards,\nAnna",
           "The parcel was accepted and redirected to the station",
           "荷物を転送しました。受け取り場所は駅です",
           "Done. The parcel is the one that you asked for",
           "The new locker is at the filling station, parcel JD-44 is there now",
       }) {
    EXPECT_FALSE(stops_in_the_middle(text)) << text;
  }
}

}  // namespace
}  // namespace infinium::maestro
