#include "client/renewal.h"

#include "base/base64url.h"

namespace elicense {
namespace {

// A portal in front of the network answers with a page of its own: that is no answer of the authority's.
bool looks_like_a_token(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && text[first] != '<' && text[first] != '{';
}

std::string nonce_of(const Reply& reply) {
  const auto body = answer_body(reply);
  std::string nonce = body ? text_of_member(*body, "c_nonce") : std::string();
  return nonce.size() <= 256 ? nonce : std::string();
}

// {"credentials": [{"credential": TEXT}]}
std::string credential_of(const Reply& reply) {
  const auto body = answer_body(reply);
  const Json* const list = body ? body->find("credentials") : nullptr;
  if (list == nullptr || list->array() == nullptr || list->array()->size() != 1) return {};
  return text_of_member(list->array()->front(), "credential");
}

}  // namespace

void Renewal::begin(Moment at, RenewalWants wants) {
  give_up();
  running_ = true;
  started_ = at.monotonic;
  trust_list_awaited_ = trust_list_asked_ = access_renewed_ = licence_failed_ = false;
  trust_list_ = std::nullopt;
  lease_key_ = std::nullopt;
  nonces_.clear();
  lease_ = licence_ = {};
  lease_.is_wanted = true;
  licence_.is_wanted = wants.licence;

  if (wants.trust_list) fetch_trust_list(at);
  fetch_nonce(at);
  if (wants.licence) fetch_nonce(at);
  if (!account_.device_key) {
    exchanges_.make_key(at, Flow::renewal, std::string(kDeviceSlot), [this](const Reply& reply) {
      if (reply.failure) return finish(reply.at, RenewalEnd::no_key);
      account_.device_key = reply.key;
      advance(reply.at);
    });
  }
  slot_ = std::string(kLeaseSlotPrefix) + account_.random_name(9);
  exchanges_.make_key(at, Flow::renewal, slot_, [this](const Reply& reply) {
    if (reply.failure) return finish(reply.at, RenewalEnd::no_key);
    lease_key_ = reply.key;
    advance(reply.at);
  });
}

void Renewal::give_up() {
  if (!running_) return;
  running_ = false;
  exchanges_.cancel(Flow::renewal);
  if (!lease_.judged) exchanges_.put(ForgetKeyEffect{.slot = slot_});
}

void Renewal::cut_off() {
  give_up();
  exchanges_.cancel(Flow::access);
  access_awaited_ = false;
}

// Whatever has arrived: what can be asked now is asked, what can be judged is judged.
void Renewal::advance(Moment at) {
  if (!running_ || !account_.device_key || access_awaited_) return;
  if (account_.access_token.empty()) {
    // The date of a nonce's answer is needed for the proof that goes with the request.
    if (!nonces_.empty()) get_access(at);
    return;
  }
  if (lease_key_) ask(at, lease_);
  ask(at, licence_);
  judge(at);
}

void Renewal::fetch_trust_list(Moment at) {
  trust_list_awaited_ = trust_list_asked_ = true;
  account_.ask(at, "GET", "/trust-list", [this](const Reply& reply) {
    trust_list_awaited_ = false;
    if (reply.answered(200) && looks_like_a_token(reply.body)) trust_list_ = reply.body;
    advance(reply.at);
  });
}

void Renewal::fetch_nonce(Moment at) {
  account_.ask(at, "POST", "/nonce", [this](const Reply& reply) {
    std::string nonce = reply.answered(200) ? nonce_of(reply) : std::string();
    if (nonce.empty()) return finish(reply.at, RenewalEnd::unreachable);
    account_.hear_date(reply);
    nonces_.push_back(std::move(nonce));
    advance(reply.at);
  });
}

void Renewal::get_access(Moment at) {
  if (account_.refresh_token.empty() && account_.code.empty()) return finish(at, RenewalEnd::access_ended);
  access_awaited_ = true;
  account_.get_access(at, [this](const Reply& reply) { access_answered(reply); });
}

void Renewal::access_answered(const Reply& reply) {
  access_awaited_ = false;
  if (reply.answered(200) && account_.take_access(reply)) {
    access_renewed_ = true;
    events_.access_changed();
    return advance(reply.at);
  }
  if (!running_) return;
  if (reply.failure == FailureCause::key) return finish(reply.at, RenewalEnd::no_key);
  const auto body = reply.answered(400) ? answer_body(reply) : Result<Json>(ErrorCode::json_syntax);
  if (!body || text_of_member(*body, "error") != "invalid_grant") return finish(reply.at, RenewalEnd::unreachable);
  if (text_of_member(*body, "code") == "phone-ended") return finish(reply.at, RenewalEnd::phone_ended);
  // What was tried last is worth nothing: the refresh token, or without one the code.
  if (account_.refresh_token.empty()) {
    account_.code.clear();
  } else {
    account_.refresh_token.clear();
  }
  advance(reply.at);
}

void Renewal::ask(Moment at, Asked& asked) {
  if (!asked.is_wanted || asked.under_way || asked.credential || nonces_.empty()) return;
  asked.under_way = true;
  const std::string nonce = std::move(nonces_.back());
  nonces_.pop_back();
  const bool is_lease = &asked == &lease_;
  const ProofWanted proof = {.flow = Flow::renewal,
                             .slot = is_lease ? std::string_view(slot_) : kDeviceSlot,
                             .key = is_lease ? *lease_key_ : *account_.device_key,
                             .nonce = nonce};
  account_.prove(at, proof, [this, &asked](const Reply& reply) { send(asked, reply); });
}

void Renewal::send(Asked& asked, const Reply& proof) {
  const bool is_lease = &asked == &lease_;
  if (proof.failure) return finish(proof.at, RenewalEnd::no_key);
  asked.token = account_.access_token;
  if (!asked.first_sent) asked.first_sent = proof.at;
  const Json body = Json::Object{{"credential_configuration_id", is_lease ? "live-code-lease" : "driving-licence"},
                                 {"proofs", Json::Object{{"jwt", Json::Array{Json(proof.body)}}}}};
  Call request;
  request.path = "/credential";
  request.content_type = "application/json";
  request.body = body.dump();
  request.access_token = asked.token;
  account_.call(proof.at, request, [this, &asked](const Reply& reply) { credential_answered(asked, reply); });
}

void Renewal::credential_answered(Asked& asked, const Reply& reply) {
  asked.under_way = false;
  if (reply.failure == FailureCause::key) return finish(reply.at, RenewalEnd::no_key);
  if (!reply.answered(200)) return credential_refused(asked, reply);
  std::string credential = credential_of(reply);
  if (credential.empty()) return finish(reply.at, RenewalEnd::unreachable);
  asked.received = reply.at;
  asked.credential = std::move(credential);
  advance(reply.at);
}

void Renewal::credential_refused(Asked& asked, const Reply& reply) {
  const auto body = reply.failure ? Result<Json>(ErrorCode::json_syntax) : answer_body(reply);
  if (body && reply.status == 401) return access_refused(asked, reply);
  const std::string error = body && reply.status == 400 ? text_of_member(*body, "error") : std::string();
  if (error == "invalid_nonce" && !asked.nonce_retried) {
    asked.nonce_retried = true;
    return fetch_nonce(reply.at);
  }
  const bool is_licence = &asked == &licence_;
  if (is_licence) {  // the lease is worth having without it
    asked.is_wanted = false;
    if (error == "credential_request_denied" &&
        text_of_member(*body, "code") == error_name(ErrorCode::status_refused)) {
      events_.licence_withheld();
    } else {
      licence_failed_ = true;
    }
    return advance(reply.at);
  }
  finish(reply.at, RenewalEnd::unreachable);
}

void Renewal::access_refused(Asked& asked, const Reply& reply) {
  const std::string code = text_of_member(*answer_body(reply), "code");
  if (code == "phone-ended") return finish(reply.at, RenewalEnd::phone_ended);
  if (code != "access-token") return finish(reply.at, RenewalEnd::unreachable);
  if (asked.token == account_.access_token) {  // else it has been renewed meanwhile
    account_.access_token.clear();
    if (access_renewed_) return finish(reply.at, RenewalEnd::unreachable);  // not again and again
  }
  fetch_nonce(reply.at);  // the one in the request is spent
}

void Renewal::judge(Moment at) {
  if (!lease_.credential || trust_list_awaited_) return;
  if (!lease_.judged) {
    const Verdict verdict = judge_lease();
    if (verdict == Verdict::refused) return finish(at, RenewalEnd::refused);
    if (verdict == Verdict::newer_trust_list_wanted)
      return trust_list_asked_ ? finish(at, RenewalEnd::unreachable) : fetch_trust_list(at);
    lease_.judged = true;
  }
  if (licence_.credential && !licence_.judged) {
    licence_.judged = true;
    const Verdict verdict = events_.licence_arrived(at, *licence_.credential);
    if (verdict == Verdict::refused) return finish(at, RenewalEnd::refused);
  }
  if (licence_.is_wanted && !licence_.judged) return;
  finish(at, licence_failed_ ? RenewalEnd::unreachable : RenewalEnd::done);
}

Verdict Renewal::judge_lease() {
  ArrivedLease arrived;
  // Characters that are none of base64url stay in: a lease of no bytes is refused as any other misshapen one.
  if (auto encoded = base64url_decode(*lease_.credential)) arrived.encoded = std::move(encoded).value();
  arrived.slot = slot_;
  arrived.key = *lease_key_;
  arrived.sent = *lease_.first_sent;
  arrived.received = lease_.received;
  arrived.trust_list = trust_list_;
  return events_.lease_arrived(arrived);
}

void Renewal::finish(Moment at, RenewalEnd end) {
  running_ = false;
  exchanges_.cancel(Flow::renewal);
  if (!lease_.judged) exchanges_.put(ForgetKeyEffect{.slot = slot_});
  events_.renewal_ended(at, end);
}

}  // namespace elicense
