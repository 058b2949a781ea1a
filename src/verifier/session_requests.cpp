// The session's requests: the authority's lists, and its answer about a code.
#include <algorithm>
#include <array>

#include "base/base64url.h"
#include "verifier/session.h"

namespace elicense {

void CheckSession::answered(Moment at, std::int64_t id, HttpReply reply) {
  if (auto pending = take_pending(id)) {
    clock_.check(at);
    route(at, *pending, Arrived{.reply = std::move(reply), .cause = {}});
  }
  finish_event(at);
}

void CheckSession::failed(Moment at, std::int64_t id, FailureCause cause) {
  if (auto pending = take_pending(id)) {
    clock_.check(at);
    route(at, *pending, Arrived{.reply = {}, .cause = cause});
  }
  finish_event(at);
}

std::optional<CheckSession::Pending> CheckSession::take_pending(std::int64_t id) {
  const auto found = std::find_if(pending_.begin(), pending_.end(), [id](const Pending& one) { return one.id == id; });
  if (found == pending_.end()) return std::nullopt;
  Pending pending = std::move(*found);
  pending_.erase(found);
  return pending;
}

void CheckSession::route(Moment at, const Pending& pending, Arrived arrived) {
  const bool is_answered = arrived.reply && arrived.reply->status < 500;
  if (is_answered) was_reached_ = true;
  is_reachable_ = is_answered || arrived.cause == FailureCause::too_large;
  switch (pending.asked) {
    case Asked::trust_list:
      return trust_list_arrived(at, arrived);
    case Asked::status_list:
      return status_list_arrived(at, pending.uri, arrived);
    case Asked::check:
      return check_arrived(at, pending.sent, std::move(arrived));
  }
}

void CheckSession::fetch(Moment at, Asked asked, FetchEffect request) {
  request.id = ++last_id_;
  pending_.push_back({.id = request.id, .asked = asked, .sent = at, .uri = request.url});
  put(std::move(request));
}

bool CheckSession::is_pending(Asked asked) const {
  return std::any_of(pending_.begin(), pending_.end(), [asked](const Pending& one) { return one.asked == asked; });
}

void CheckSession::give_up(Asked asked) {
  for (const Pending& pending : pending_) {
    if (pending.asked == asked) put(AbortEffect{.id = pending.id});
  }
  pending_.erase(
      std::remove_if(pending_.begin(), pending_.end(), [asked](const Pending& one) { return one.asked == asked; }),
      pending_.end());
}

// --- the trust list -------------------------------------------------------------------------------------------------

void CheckSession::fetch_trust_list(Moment at) {
  if (is_pending(Asked::trust_list)) return;
  list_fetched_ = at.monotonic;
  lists_.stop();
  FetchEffect request;
  request.method = "GET";
  request.url = settings_->authority.origin + "/trust-list";
  request.timeout = kAnswerTimeout;
  request.limit = kMostTrustAnswerBytes;
  fetch(at, Asked::trust_list, std::move(request));
}

void CheckSession::trust_list_arrived(Moment at, const Arrived& arrived) {
  bool is_taken = false;
  if (arrived.has_body()) {
    const auto taken = papers_->take_trust_list(arrived.reply->body);
    is_taken = taken.ok();
    list_error_ = is_taken ? std::nullopt : std::optional(taken.error());
    if (is_taken && *taken) {
      put(KeepEffect{.name = kept_paper::kTrustList, .text = papers_->trust_text()});
      put(KeepEffect{.name = kept_paper::kTime, .text = papers_->time_to_keep()});
    }
  }
  if (is_taken) {
    lists_.succeeded();
    lists_.plan(at.monotonic + kListInterval);
  } else {
    lists_.failed(at.monotonic, random_);
  }
  if (!shown_ || shown_->stage != Stage::trust_list) return;
  if (shown_->answer) {
    judge_answer(at);
  } else {
    examine(at);
  }
}

// --- status lists ---------------------------------------------------------------------------------------------------

// The address is made of the authority's origin and a number: no code can send us anywhere else.
void CheckSession::fetch_status_list(Moment at, const std::string& uri) {
  if (is_pending(Asked::status_list) ||
      uri.compare(0, settings_->authority.origin.size() + 1, settings_->authority.origin + "/") != 0)
    return;
  FetchEffect request;
  request.method = "GET";
  request.url = uri;
  request.timeout = kAnswerTimeout;
  request.limit = kMostStatusAnswerBytes;
  fetch(at, Asked::status_list, std::move(request));
}

void CheckSession::status_list_arrived(Moment at, const std::string& uri, const Arrived& arrived) {
  if (arrived.has_body() && papers_->take_status_list(uri, arrived.reply->body, at, now(at))) {
    if (arrived.reply->body.size() <= kMostKeptStatusList)
      put(KeepEffect{.name = kept_paper::kStatusList, .text = uri + " " + arrived.reply->body});
    put(KeepEffect{.name = kept_paper::kTime, .text = papers_->time_to_keep()});
  }
  if (shown_ && shown_->stage == Stage::status_list) examine(at);
}

// --- the authority's answer about a code
// ------------------------------------------------------------------------------

void CheckSession::ask_authority(Moment at) {
  shown_->stage = Stage::authority;
  if (settings_->nonce) {
    shown_->nonce = *settings_->nonce;
  } else {
    std::array<std::uint8_t, 16> bytes{};
    random_.fill(bytes);
    shown_->nonce = base64url_encode(bytes);
  }
  Json::Object body = {{"code", shown_->text}, {"partner", *settings_->partner}, {"nonce", shown_->nonce}};
  if (settings_->required_class) body.emplace_back("requires", vehicle_class_info(*settings_->required_class).code);
  if (wanted_) body.emplace_back("challenge", wanted_->challenge.digits());
  FetchEffect request;
  request.method = "POST";
  request.url = settings_->authority.origin + "/verify";
  request.headers = {{"Content-Type", "application/json"}};
  request.body = Json(std::move(body)).dump();
  request.timeout = kAnswerTimeout;
  request.limit = kMostCheckAnswerBytes;
  fetch(at, Asked::check, std::move(request));
}

void CheckSession::check_arrived(Moment at, Moment sent, Arrived arrived) {
  if (arrived.has_body()) {
    shown_->answer = Answer{.body = std::move(arrived.reply->body), .sent = sent, .received = at};
    return judge_answer(at);
  }
  if (arrived.cause == FailureCause::too_large) return conclude_unchecked(at, ErrorCode::answer_shape);
  if (!arrived.reply || arrived.reply->status >= 500) return no_answer(at, ErrorCode::authority_unreachable);
  switch (arrived.reply->status) {
    case 401:
    case 403:
      return no_answer(at, ErrorCode::partner_key);
    case 429:
      return no_answer(at, ErrorCode::authority_busy);
    default:
      return conclude_unchecked(at, ErrorCode::answer_shape);
  }
}

void CheckSession::no_answer(Moment at, ErrorCode why) {
  if (settings_->mode == CheckMode::online) return conclude_unchecked(at, why);
  shown_->no_answer = why;
  examine(at);
}

}  // namespace elicense
