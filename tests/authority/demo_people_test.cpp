#include "authority/demo/demo_people.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "authority/demo/demo_portraits.h"
#include "licence/licence.h"
#include "licence/live_code.h"
#include "licence/masking.h"
#include "support/demo.h"

namespace elicense::authority {
namespace {

using namespace elicense::test;

constexpr JsonLimits kDataLimits = {.bytes = 65536, .depth = 8, .values = 1024};
constexpr std::size_t kMostDemoPortraitBytes = 16384;

// What each stands for.
const std::map<std::string_view, std::string_view> kStatusOf = {
    {"normal", "A"},    {"note", "H"},      {"points", "B"},  {"overdue", "M"},   {"locked", "L"},
    {"revoked", "F"},   {"postponed", "N"}, {"classes", "A"}, {"rare-name", "A"}, {"long-name", "A"},
    {"foreigner", "A"}, {"several", "BDJ"}, {"medical", "R"},
};

// Ordinary days, both ends of years and months, and all about the 29th of February.
std::vector<CivilDate> days() {
  return {civil_date_at(kNow), {2026, 1, 1},   {2026, 1, 15}, {2026, 3, 31}, {2026, 12, 31}, {2027, 1, 1},
          {2028, 2, 28},       {2028, 2, 29},  {2028, 3, 1},  {2028, 3, 29}, {2028, 3, 31},  {2028, 4, 29},
          {2028, 5, 1},        {2030, 11, 30}, {2032, 2, 29}, {2044, 2, 29}, {2099, 12, 31}};
}

CivilDate day_after(CivilDate date) { return civil_date_at(start_of_day(date) + 86400); }

LicenceData data_of(const DemoPerson& person) {
  return licence_data_from_claims(Json::parse(person.licence.data, kDataLimits).value()).value();
}

const DemoPerson& find(const std::vector<DemoPerson>& people, std::string_view key) {
  const auto found =
      std::find_if(people.begin(), people.end(), [key](const DemoPerson& person) { return person.key == key; });
  ELICENSE_ASSERT(found != people.end());
  return *found;
}

// GB 11643: ISO 7064 MOD 11-2 over the first 17 digits.
char check_digit(std::string_view number) {
  int sum = 0;
  for (std::size_t i = 0; i < 17; ++i) sum = (sum + (number[i] - '0')) * 2 % 11;
  return "0123456789X"[static_cast<std::size_t>((12 - sum) % 11)];
}

TEST(DemoPeople, EachIsThereOnceAndInTheState) {
  for (const CivilDate today : days()) {
    const auto people = demo_people(today);
    ASSERT_EQ(people.size(), kStatusOf.size());
    EXPECT_EQ(people.front().key, "normal");
    for (const DemoPerson& person : people) {
      const auto expected = kStatusOf.find(person.key);
      ASSERT_NE(expected, kStatusOf.end()) << person.key;
      EXPECT_EQ(status_on(person.licence.facts, today).letters(), expected->second)
          << person.key << " on " << iso_date(today);
    }
  }
}

TEST(DemoPeople, EveryUsabilityIsShownByOne) {
  std::set<Usability> shown;
  const CivilDate today = civil_date_at(kNow);
  for (const DemoPerson& person : demo_people(today)) shown.insert(status_on(person.licence.facts, today).usability());
  EXPECT_EQ(shown.size(), 4U);
}

TEST(DemoPeople, EachStaysInItTomorrowButThePostponedOne) {
  for (const CivilDate today : days()) {
    for (const DemoPerson& person : demo_people(today)) {
      const StatusSet tomorrow = status_on(person.licence.facts, day_after(today));
      EXPECT_EQ(tomorrow.letters(), person.key == "postponed" ? "M" : kStatusOf.at(person.key))
          << person.key << " after " << iso_date(today);
    }
  }
}

TEST(DemoPeople, WhatIsInForceStaysSoForMonths) {
  for (const CivilDate today : days()) {
    const CivilDate later = civil_date_at(start_of_day(today) + std::int64_t{360} * 86400);
    for (const DemoPerson& person : demo_people(today)) {
      if (person.key == "overdue" || person.key == "postponed") continue;
      EXPECT_EQ(status_on(person.licence.facts, later).letters(), kStatusOf.at(person.key))
          << person.key << " after " << iso_date(today);
    }
  }
}

TEST(DemoPeople, DataIsWhatTheStoreKeeps) {
  for (const DemoPerson& person : demo_people(civil_date_at(kNow))) {
    const LicenceData data = data_of(person);
    EXPECT_TRUE(data.complete()) << person.key;
    EXPECT_FALSE(data.portrait) << person.key << ": the portrait has a column of its own";
    EXPECT_EQ(Json(licence_data_claims(data)).dump(), person.licence.data) << person.key;
    EXPECT_EQ(data.document_number, person.licence.document_number);
    EXPECT_EQ(data.points, person.licence.facts.points);
    EXPECT_EQ(data.valid_until, person.licence.facts.valid_until);
    for (const auto& text : {data.name, data.sex, data.nationality, data.address, data.issuing_authority})
      EXPECT_FALSE(text->empty()) << person.key;
    EXPECT_FALSE(person.note_zh.empty());
    EXPECT_FALSE(person.note_en.empty());
  }
}

TEST(DemoPeople, DatesFollowOneAnother) {
  for (const CivilDate today : days()) {
    for (const DemoPerson& person : demo_people(today)) {
      SCOPED_TRACE(std::string(person.key) + " on " + iso_date(today));
      const LicenceData data = data_of(person);
      EXPECT_LT(data.birth_date->year + 17, data.first_issue_date->year);
      EXPECT_LE(*data.first_issue_date, *data.valid_from);
      EXPECT_LE(*data.valid_from, today);
      EXPECT_EQ(data.valid_until->year - data.valid_from->year, data.valid_from == data.first_issue_date ? 6 : 10);
      ASSERT_FALSE(data.driving_privileges->empty());
      for (const DrivingPrivilege& held : *data.driving_privileges) {
        EXPECT_GE(held.issued, *data.first_issue_date);
        EXPECT_LE(held.issued, today);
      }
      ASSERT_GE(data.record->size(), 3U);
      EXPECT_EQ(data.record->front().date, *data.first_issue_date);
      EXPECT_TRUE(std::is_sorted(data.record->begin(), data.record->end(),
                                 [](const RecordLine& a, const RecordLine& b) { return a.date < b.date; }));
      // Only the end of the term may lie ahead.
      for (const RecordLine& line : *data.record) EXPECT_TRUE(line.date <= today || line.date == *data.valid_until);
    }
  }
}

TEST(DemoPeople, NothingIsTheSameOfTwo) {
  const auto people = demo_people(civil_date_at(kNow));
  std::set<std::string> keys, codes, documents, licences, files, names;
  std::set<Bytes> portraits;
  for (const DemoPerson& person : people) {
    const LicenceData data = data_of(person);
    keys.emplace(person.key);
    codes.emplace(person.pre_authorized_code);
    documents.insert(person.licence.document_number);
    licences.insert(*data.licence_number);
    files.insert(*data.file_number);
    names.insert(*data.name);
    portraits.insert(person.licence.portrait);
    EXPECT_EQ(person.pre_authorized_code, "demo-" + std::string(person.key));
    EXPECT_EQ(person.pre_authorized_code.find_first_not_of("abcdefghijklmnopqrstuvwxyz-"), std::string_view::npos);
  }
  for (const std::size_t count :
       {keys.size(), codes.size(), documents.size(), licences.size(), files.size(), names.size(), portraits.size()})
    EXPECT_EQ(count, people.size());
}

TEST(DemoPeople, NumbersAreWellMadeAndNobodys) {
  for (const DemoPerson& person : demo_people(civil_date_at(kNow))) {
    SCOPED_TRACE(person.key);
    const LicenceData data = data_of(person);
    EXPECT_EQ(person.licence.document_number.size(), 13U);
    EXPECT_TRUE(person.licence.document_number.starts_with("99"));
    EXPECT_EQ(data.file_number->size(), 12U);
    EXPECT_TRUE(data.file_number->starts_with("99"));
    const std::string& number = *data.licence_number;
    if (*data.nationality != "CHN") {
      EXPECT_EQ(number.size(), 9U);
      continue;
    }
    ASSERT_EQ(number.size(), 18U);
    EXPECT_TRUE(number.starts_with("99"));
    EXPECT_EQ(number.substr(6, 8), compact_date(*data.birth_date));
    EXPECT_EQ((number[16] - '0') % 2 == 1, *data.sex == "男");
    EXPECT_EQ(number[17], check_digit(number));
  }
}

TEST(DemoPeople, SomeAreThereForTheirNamesOrClasses) {
  const auto people = demo_people(civil_date_at(kNow));
  EXPECT_EQ(data_of(find(people, "rare-name")).name, "陈㛃䶮𬭎");
  EXPECT_EQ(data_of(find(people, "long-name")).name, "买买提·吐尔逊江·阿卜杜热合曼");
  EXPECT_EQ(data_of(find(people, "classes")).driving_privileges->size(), 5U);
  const LicenceData normal = data_of(find(people, "normal"));
  ASSERT_EQ(normal.driving_privileges->size(), 1U);
  EXPECT_EQ(normal.driving_privileges->front().vehicle_class, VehicleClass::C1);
  EXPECT_EQ(normal.points, 0);
}

TEST(DemoPeople, PortraitsAreSmallImages) {
  for (const DemoPerson& person : demo_people(civil_date_at(kNow))) {
    const auto portrait = Portrait::from_image(person.licence.portrait);
    ASSERT_TRUE(portrait.ok()) << person.key;
    EXPECT_EQ(portrait->format, Portrait::Format::webp) << person.key;
    EXPECT_LE(person.licence.portrait.size(), kMostDemoPortraitBytes) << person.key;
  }
  EXPECT_TRUE(demo_portrait("nobody.webp").empty());
  EXPECT_TRUE(demo_portrait("").empty());
}

TEST(DemoPeople, ALicenceIssuedForEachVerifies) {
  CountingRandom random;
  const TrustList trusted_keys = trust();
  for (const DemoPerson& person : demo_people(civil_date_at(kNow))) {
    LicenceData data = data_of(person);
    data.portrait = Portrait::from_image(person.licence.portrait).value();
    const auto token = issue_licence(licence_envelope(), data, issuer_key(), random);
    ASSERT_TRUE(token.ok()) << person.key;
    EXPECT_LT(token->size(), kMostLicenceBytes);
    Checklist checklist;
    const auto licence = VerifiedLicence::verify(
        *token, {.now = kNow, .trust = trusted_keys, .status_lists = nullptr, .key_binding = std::nullopt}, checklist);
    ASSERT_TRUE(licence.ok()) << person.key << ": " << error_name(licence.error());
    EXPECT_EQ(Json(licence_data_claims(licence->data())), Json(licence_data_claims(data))) << person.key;
  }
}

TEST(DemoPeople, ALiveCodeOfEachFits) {
  const CivilDate today = civil_date_at(kNow);
  std::size_t longest = 0;
  for (const DemoPerson& person : demo_people(today)) {
    const LicenceData data = data_of(person);
    const StatusSet status = status_on(person.licence.facts, today);
    LeaseClaims claims = lease_claims();
    claims.document_number = person.licence.document_number;
    claims.name = *data.name;
    claims.nationality = *data.nationality;
    claims.masked_licence_number = mask_number(*data.licence_number);
    claims.privileges = *data.driving_privileges;
    claims.valid_until = *data.valid_until;
    claims.status = status;
    claims.portrait_digest = portrait_digest_of(person.licence.portrait);
    const std::string code = mint(claims, kNow);
    longest = std::max(longest, code.size());
    EXPECT_LE(code.size(), kMostCodeCharacters) << person.key;
    // Past its last day a licence is refused before its status is looked at: that is for live_code_test.cpp.
    if (*data.valid_until < today) continue;
    EXPECT_EQ(check(code, kNow + 2).result, status.allows_use() ? CheckResult::valid : CheckResult::not_usable)
        << person.key;
  }
  RecordProperty("longest_live_code", static_cast<int>(longest));
  EXPECT_LT(longest, 1000U) << "denser than a camera reads at arm's length";
}

}  // namespace
}  // namespace elicense::authority
