#include "authority/store_home.h"

namespace elicense::authority::test {
namespace {

TEST_P(StoreTest, AnUnknownLicenceIsAnAnswer) {
  const auto found = store().find_licence(kDocument);
  ASSERT_TRUE(found.ok());
  EXPECT_FALSE(found->has_value());
  const auto portrait = store().find_portrait(kDocument);
  ASSERT_TRUE(portrait.ok());
  EXPECT_FALSE(portrait->has_value());
  EXPECT_TRUE(store().ping().ok());
}

TEST_P(StoreTest, ALicenceComesBackAsItWasPut) {
  NewLicence licence = licence_named(kDocument, "HN");
  licence.facts.postponed_until = CivilDate{2026, 2, 1};
  ASSERT_EQ(store().put_licence(licence, kNow, act("put")).value(), std::uint64_t{0});
  reopen();
  const auto found = store().find_licence(kDocument).value();
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->document_number, kDocument);
  EXPECT_EQ(found->data, licence.data);
  EXPECT_EQ(found->facts.recorded.letters(), "HN");
  EXPECT_EQ(found->facts.points, 3);
  EXPECT_EQ(found->facts.postponed_until, licence.facts.postponed_until);
  EXPECT_EQ(found->facts.valid_until, licence.facts.valid_until);
  EXPECT_EQ(found->status_index, 0U);
  EXPECT_EQ(found->revision, 1);
  EXPECT_EQ(found->listed_value, status_list_value(status_on(licence.facts, civil_date_at(kNow))));
  EXPECT_EQ(store().find_portrait(kDocument).value(), licence.portrait);
}

TEST_P(StoreTest, StatusIndexesAreDenseAndALicenceIsPutOnce) {
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(store().put_licence(licence_named("N" + std::to_string(i)), kNow, act("put")).value(),
              static_cast<std::uint64_t>(i));
    EXPECT_EQ(store().put_licence(licence_named("N" + std::to_string(i)), kNow, act("put")).value(), std::nullopt);
  }
  EXPECT_EQ(audit_entries(), 5);  // what changed nothing is not in it
  const auto page = store().list_licences("N1", 2).value();
  ASSERT_EQ(page.size(), 2U);
  EXPECT_EQ(page[0].document_number, "N2");
  EXPECT_EQ(page[1].status_index, 3U);
  EXPECT_EQ(store().list_licences("", 100).value().size(), 5U);
}

TEST_P(StoreTest, AChangeTakesWhatIsGivenAndLeavesTheRest) {
  add_licence(kDocument);
  const auto changed =
      store()
          .change_licence(kDocument, 1, {.points = 12},
                          NewEvent{.kind = "status", .payload = Json::Object{{"revision", 2}}, .device = std::nullopt},
                          kNow, act("licence.points"))
          .value();
  EXPECT_EQ(changed.outcome, ChangeOutcome::changed);
  EXPECT_EQ(changed.revision, 2);
  EXPECT_TRUE(changed.listed_anew);  // 12 points refuse at once
  reopen();
  const auto found = store().find_licence(kDocument).value();
  EXPECT_EQ(found->facts.points, 12);
  EXPECT_EQ(found->facts.recorded.letters(), "A");
  EXPECT_EQ(found->listed_value, status_list_value(StatusSet::parse("B").value()));
  EXPECT_EQ(store().events_after(kDocument, "any", 0, 10).value().size(), 1U);
  EXPECT_EQ(audit_entries(), 2);
}

TEST_P(StoreTest, AddressPortraitAndPostponementChange) {
  add_licence(kDocument);
  const LicenceChange change{.recorded_status = StatusSet::parse("N").value(),
                             .points = std::nullopt,
                             .postponed_until = std::optional(CivilDate{2026, 1, 1}),
                             .valid_until = CivilDate{2026, 5, 1},
                             .data = "{\"address\":\"青岛\"}",
                             .portrait = Bytes{1, 2, 3}};
  ASSERT_TRUE(store().change_licence(kDocument, 1, change, std::nullopt, kNow, act("x")).ok());
  auto found = store().find_licence(kDocument).value();
  EXPECT_EQ(found->data, "{\"address\":\"青岛\"}");
  EXPECT_EQ(found->facts.postponed_until, (CivilDate{2026, 1, 1}));
  EXPECT_EQ(store().find_portrait(kDocument).value(), (Bytes{1, 2, 3}));
  LicenceChange away;
  away.postponed_until = std::optional<CivilDate>();
  away.portrait = Bytes{};
  ASSERT_TRUE(store().change_licence(kDocument, 2, away, std::nullopt, kNow, act("x")).ok());
  found = store().find_licence(kDocument).value();
  EXPECT_EQ(found->facts.postponed_until, std::nullopt);
  EXPECT_EQ(store().find_portrait(kDocument).value(), std::nullopt);
}

TEST_P(StoreTest, AnotherRevisionChangesNothing) {
  add_licence(kDocument);
  const auto stale = store().change_licence(kDocument, 7, {.points = 9}, std::nullopt, kNow, act("x")).value();
  EXPECT_EQ(stale.outcome, ChangeOutcome::other_revision);
  EXPECT_EQ(stale.revision, 1);
  const auto unknown = store().change_licence("nobody", 1, {.points = 9}, std::nullopt, kNow, act("x")).value();
  EXPECT_EQ(unknown.outcome, ChangeOutcome::unknown);
  EXPECT_EQ(store().find_licence(kDocument).value()->facts.points, 3);
  EXPECT_EQ(audit_entries(), 1);
}

TEST_P(StoreTest, TheCalendarMakesALicenceDue) {
  NewLicence licence = licence_named(kDocument, "N");
  licence.facts.postponed_until = CivilDate{2026, 1, 2};
  ASSERT_TRUE(store().put_licence(licence, kNow, act("put")).ok());
  const std::uint8_t before = store().find_licence(kDocument).value()->listed_value;
  EXPECT_TRUE(store().licences_due(kNow, 10).value().empty());
  const UnixTime later = kNow + 3 * 86400;
  ASSERT_EQ(store().licences_due(later, 10).value().size(), 1U);
  const auto changed = store().change_licence(kDocument, 1, {}, std::nullopt, later, act("system.day")).value();
  EXPECT_TRUE(changed.listed_anew);
  EXPECT_NE(store().find_licence(kDocument).value()->listed_value, before);
  EXPECT_TRUE(store().licences_due(later, 10).value().empty());
}

TEST_P(StoreTest, SqlAndNulAreTextLikeAnyOther) {
  const std::vector<std::string> hostile = {"'; drop table licences; --",
                                            "\" or 1=1 --",
                                            "%_\\' union select key from partners",
                                            "?1 $1 :a @b",
                                            std::string("nul\0 and after", 14),
                                            std::string("\0", 1),
                                            "",
                                            "\xff\xfe not UTF-8"};
  std::uint64_t index = 0;
  for (const auto& text : hostile) {
    NewLicence licence = licence_named(text);
    licence.data = text;
    ASSERT_EQ(store()
                  .put_licence(licence, kNow, {.actor = text, .action = text, .details = Json::Object{{"x", text}}})
                  .value(),
              index++);
    ASSERT_TRUE(store().activate_phone(text, text, std::nullopt, kNow, act("x")).ok());
    ASSERT_TRUE(store().append_event(text, {.kind = text, .payload = Json(), .device = text}, kNow).ok());
    ASSERT_TRUE(store()
                    .record_check({.document_number = text,
                                   .partner_name = text,
                                   .partner_origin = text,
                                   .at = kNow,
                                   .result = text,
                                   .asked = text,
                                   .echo = std::nullopt},
                                  std::nullopt, std::nullopt, act("x"))
                    .ok());
    ASSERT_TRUE(store().put_partner({text, text, sha256(view_of(text))}, kNow, act("x")).ok());
    ASSERT_TRUE(
        store()
            .put_access_token(
                text, {.digest = sha256(view_of(text)), .key_thumbprint = text, .scope = text, .expires = kNow + 60})
            .ok());
    ASSERT_TRUE(store().count_request(text, {1, 60}, kNow).ok());
    ASSERT_EQ(store().use_proof_id(text, text, kNow, kNow + 60).value(), Spend::first);
  }
  reopen();
  for (const auto& text : hostile) {
    EXPECT_EQ(store().find_licence(text).value()->data, text);
    EXPECT_EQ(store().find_phone(text).value()->device, text);
    EXPECT_EQ(store().events_after(text, text, 0, 9).value().at(0).kind, text);
    EXPECT_TRUE(store().events_after(text, text + "x", 0, 9).value().empty());
    const auto check = store().list_checks(text, 9).value().at(0);
    EXPECT_EQ(check.partner_name, text);
    EXPECT_EQ(check.partner_origin, text);
    EXPECT_EQ(check.result, text);
    EXPECT_EQ(check.asked, text);
    EXPECT_EQ(store().find_partner(sha256(view_of(text))).value()->origin, text);
    EXPECT_EQ(store().find_access_token(sha256(view_of(text)), kNow).value()->scope, text);
  }
  EXPECT_EQ(store().list_licences("", 100).value().size(), hostile.size() - 1);  // "" is not after ""
  EXPECT_TRUE(audit_verifies());
}

}  // namespace
}  // namespace elicense::authority::test
