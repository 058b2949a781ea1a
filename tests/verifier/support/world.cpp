#include "verifier/support/world.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace elicense::test {
namespace {

constexpr JsonLimits kLimits = {.bytes = 65536, .depth = 4, .values = 64};

std::optional<std::string> text_in(const Json& body, std::string_view name) {
  const Json* const member = body.find(name);
  return member == nullptr || member->string() == nullptr ? std::nullopt : std::optional(*member->string());
}

}  // namespace

CheckWorld::CheckWorld(std::uint64_t seed)
    : authority(seed), random(seed + 1000), lease_key_(SecretKey::generate(random)) {
  settings.authority = {.origin = authority.origin, .roots = authority.roots};
  settings.partner = "pk-demo";
  settings.origin = kPartnerOrigin;
  renew_lease(authority_now() - 8);
}

void CheckWorld::load() { load_with(settings); }

void CheckWorld::load_with(Result<CheckSettings> settings_or_error) {
  new_page(7000);
  shown_.clear();
  session = std::make_unique<CheckSession>(random);
  const NamedTexts texts(kept.begin(), kept.end());
  session->start(moment(), std::move(settings_or_error), texts, Language::chinese);
  obey();
  pass(1000);
}

void CheckWorld::show_now(const std::string& text) {
  shown_ = text;
  session->code(moment(), text);
  obey();
}

void CheckWorld::show(const std::string& text) {
  show_now(text);
  pass(2000);
}

void CheckWorld::want_challenge(bool wanted) {
  session->want_challenge(moment(), wanted);
  obey();
}

void CheckWorld::network_is_back() {
  session->network(moment());
  obey();
}

void CheckWorld::speak(Language to) {
  session->set_language(moment(), to);
  obey();
}

std::optional<Challenge> CheckWorld::asked_challenge() const {
  if (challenges.empty() || !challenges.back().digits) return std::nullopt;
  return Challenge::parse(*challenges.back().digits).value();
}

bool CheckWorld::says_unchecked(Unchecked what) const {
  const TwoWords words = two_words(unchecked_words(what), Language::chinese);
  return std::find(card().unchecked.begin(), card().unchecked.end(), words) != card().unchecked.end();
}

void CheckWorld::renew_lease(UnixTime signed_at) {
  lease_key_ = SecretKey::generate(random);
  minter_ = LiveCodeMinter::from_lease(authority.lease_bytes(signed_at, lease_key_.public_key())).value();
}

std::string CheckWorld::code_at(UnixTime presented, std::optional<Challenge> challenge) {
  return minter_->mint(presented, challenge, lease_key_);
}

// --- the page -------------------------------------------------------------------------------------------------------

void CheckWorld::obey() {
  for (const VerifierEffect& effect : session->take_effects()) obey(effect);
}

void CheckWorld::obey(const VerifierEffect& effect) {
  if (const auto* fetch = std::get_if<FetchEffect>(&effect)) {
    obey_fetch(*fetch);
  } else if (const auto* abort = std::get_if<AbortEffect>(&effect)) {
    aborted.insert(abort->id);
  } else if (const auto* keep = std::get_if<KeepEffect>(&effect)) {
    kept.erase(std::string(keep->name));
    if (keep->text) kept[std::string(keep->name)] = *keep->text;
  } else if (const auto* wake = std::get_if<WakeEffect>(&effect)) {
    wake_at(wake->at);
  } else if (const auto* ready = std::get_if<ReadinessEffect>(&effect)) {
    readiness.push_back(*ready);
  } else if (const auto* challenge = std::get_if<ChallengeEffect>(&effect)) {
    challenges.push_back(*challenge);
  } else if (const auto* card = std::get_if<CardEffect>(&effect)) {
    cards.push_back(card->card);
    check_invariants(card->card);
  } else {
    ++checkings;
  }
}

void CheckWorld::obey_fetch(const FetchEffect& request) {
  EXPECT_EQ(request.url.compare(0, authority.origin.size() + 1, authority.origin + "/"), 0) << request.url;
  EXPECT_GT(request.limit, 0);
  EXPECT_GT(request.timeout, 0);
  fetches.push_back(request);
  const auto fail = [this, id = request.id] { session->failed(moment(), id, FailureCause::network); };
  if (!online) return after(20, fail);
  after(there, [this, request, fail] {
    std::optional<HttpAnswer> reply = answer(request);
    if (on_the_wire) reply = on_the_wire(request, std::move(*reply));
    if (!reply || !online) return after(back, fail);
    after(back, [this, id = request.id, reply = *reply] {
      session->answered(moment(), id, HttpReply{.status = reply.status, .date = reply.date, .body = reply.body});
    });
  });
}

void CheckWorld::check_invariants(const CheckCard& card) {
  EXPECT_EQ(card.person.has_value(), card.result == "valid");
  EXPECT_FALSE(card.title.first.empty() || card.title.second.empty() || card.meaning.first.empty());
  EXPECT_EQ(card.error.has_value(), card.result != "valid");
  if (card.result != "valid") {
    EXPECT_EQ(card.tone, CardTone::refused);
    EXPECT_FALSE(card.answer || card.echo);
    return;
  }
  EXPECT_EQ(card.person->name, authority.data.name);
  if (card.person->portrait) EXPECT_EQ(*card.person->portrait, authority.data.portrait->data_uri());
  EXPECT_EQ(card.receipt.has_value(), card.online);
  if (!card.online) EXPECT_NE(card.tone, CardTone::usable);
  // Genuine and not replaced since; whether it is fresh as well depends on a clock that a test may have set wrong.
  const auto check = verify_live_code(shown_, {.now = authority_now(),
                                               .trust = authority.trust(authority_now()),
                                               .status_lists = nullptr,
                                               .spent_codes = nullptr,
                                               .challenge = {}});
  EXPECT_TRUE(check.confirmed.has_value()) << error_name(*check.error);
}

// --- the authority --------------------------------------------------------------------------------------------------

HttpAnswer CheckWorld::answer(const FetchEffect& request) {
  const std::string path = request.url.substr(authority.origin.size());
  if (path == "/verify") return verify(request);
  if (path.compare(0, 8, "/status/") == 0) return status_list(request.url);
  return authority.answer(request, authority_now());
}

HttpAnswer CheckWorld::status_list(const std::string& uri) {
  std::vector<std::uint8_t> statuses(8192);
  statuses[4711] = listed.value_or(status_list_value(recorded.value_or(authority.status)));
  const StatusListHead head = {.uri = status_list_subject.empty() ? uri : status_list_subject,
                               .issuer = authority.origin,
                               .issued = authority_now(),
                               .expires = authority_now() + status_list_seconds,
                               .time_to_live = 60};
  const auto packed = StatusArray::pack(statuses, 8).value();
  return {.status = 200, .date = {}, .body = sign_status_list(head, packed, authority.signing_key()).value()};
}

HttpAnswer CheckWorld::verify(const FetchEffect& request) {
  const auto body = Json::parse(request.body.value_or(""), kLimits);
  EXPECT_TRUE(body.ok());
  const auto digits = text_in(*body, "challenge");
  const UnixTime now = authority_now();
  const auto check = verify_live_code(
      *text_in(*body, "code"), {.now = now,
                                .trust = authority.trust(now),
                                .status_lists = nullptr,
                                .spent_codes = nullptr,
                                .challenge = digits ? std::optional(Challenge::parse(*digits).value()) : std::nullopt});
  ReceiptContent receipt = {.issuer = authority.origin,
                            .audience = settings.origin,
                            .issued = now,
                            .expires = now + kReceiptSeconds,
                            .id = "r-" + std::to_string(++receipts_),
                            .result = check.result,
                            .nonce = text_in(*body, "nonce"),
                            .status = check.refused_status,
                            .echo = {},
                            .answer = {}};
  if (check.presented && lease_revoked) {
    receipt.result = CheckResult::revoked;
  } else if (check.presented && !spent_.insert({check.presented->lease, check.presented->presented.seconds}).second) {
    receipt.result = CheckResult::already_used;
  } else if (check.code) {
    const StatusSet status = recorded.value_or(check.code->status());
    if (status != StatusSet::normal()) receipt.status = status;
    if (!status.allows_use()) receipt.result = CheckResult::not_usable;
  }
  const bool is_valid = receipt.result == CheckResult::valid;
  if (is_valid) receipt.echo = 47;
  if (const auto asked = text_in(*body, "requires")) {
    const auto own = answer_class_question(*authority.data.driving_privileges, parse_vehicle_class(*asked).value(),
                                           civil_date_at(now));
    receipt.answer =
        ReceiptAnswer{.asked = own.asked,
                      .may_drive = is_valid && own.may_drive,
                      .because = is_valid ? own.because() : std::string(check_result_name(receipt.result))};
  }
  if (on_receipt) on_receipt(receipt);
  Json portrait;
  if (is_valid && authority.data.portrait) portrait = authority.data.portrait->data_uri();
  const Json reply = Json::Object{{"result", "valid"},  // unsigned, and not believed
                                  {"licence", Json::Object{{"name", "somebody else"}}},
                                  {"portrait", std::move(portrait)},
                                  {"echo", 99},
                                  {"receipt", issue_receipt(receipt, authority.signing_key()).value()}};
  return {.status = 200, .date = {}, .body = reply.dump()};
}

}  // namespace elicense::test
