// An authority in miniature: answers a viewer's requests with what the core really issues, and takes no request whose
// proofs do not verify.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "client/effects.h"
#include "codec/json.h"
#include "licence/lease.h"
#include "licence/licence.h"

namespace elicense::test {

// Repeats itself from run to run, and does not repeat itself within one.
class SeededRandom final : public RandomSource {
 public:
  explicit SeededRandom(std::uint64_t seed) : state_(seed * 2 + 1) {}
  void fill(std::span<std::uint8_t> bytes) override;
  std::int64_t below(std::int64_t bound);
  bool one_in(std::int64_t chance) { return below(chance) == 0; }

 private:
  std::uint64_t next();
  std::uint64_t state_;
};

struct HttpAnswer {
  int status = 200;
  std::optional<std::string> date;
  std::string body;
};

class MiniatureAuthority {
 public:
  explicit MiniatureAuthority(std::uint64_t seed);

  HttpAnswer answer(const FetchEffect& request, UnixTime now);
  bool admits_listener(const ListenEffect& request, UnixTime now);  // /events

  std::string new_code();  // pre-authorized, good once
  std::string trust_list_text(UnixTime now) const;
  TrustList trust(UnixTime now) const;
  std::string licence_text(UnixTime now, const PublicKey& device);
  Bytes lease_bytes(UnixTime now, const PublicKey& key);
  const SecretKey& signing_key() const { return signing_; }  // of every use, until the next rotation
  void rotate_keys();                                        // the old key is revoked
  void expire_access() { access_.clear(); }
  void expire_refresh() { refresh_.clear(); }
  void move_to_another_phone() { phone_ = "another"; }
  void spend_nonces() { nonces_.clear(); }

  std::string origin;
  LicenceData data;
  StatusSet status = StatusSet::normal();
  std::int64_t lease_seconds = 86400;
  std::int64_t licence_seconds = 30 * 86400;
  std::int64_t trust_list_seconds = 86400;
  std::int64_t sequence = 7;
  Production production = Production::no;
  std::vector<PublicKey> roots;
  std::string checks = R"({"checks":[]})";  // what GET /checks answers

  int count(std::string_view path) const;
  std::map<std::string, int, std::less<>> requests;
  std::map<std::string, int, std::less<>> refusals;  // by code: a well-behaved viewer causes few

 private:
  HttpAnswer answer_to(const FetchEffect& request, UnixTime now);
  HttpAnswer token(const FetchEffect& request, UnixTime now);
  HttpAnswer credential(const FetchEffect& request, UnixTime now);
  HttpAnswer issue(std::string_view configuration, const PublicKey& key, UnixTime now);
  HttpAnswer grant(const PublicKey& device, bool with_refresh);
  HttpAnswer refuse(int status, std::string_view error, std::string_view code);
  // The device key, or the code of the refusal.
  std::optional<PublicKey> device_of(std::string_view method, std::string_view url, const HttpHeaders& headers,
                                     bool with_token, UnixTime now, std::string& why);
  std::string name() { return "n" + std::to_string(++names_); }

  SeededRandom random_;
  SecretKey root_;
  SecretKey signing_;
  std::vector<IssuerKey> keys_;
  int names_ = 0;
  std::set<std::string> codes_, nonces_, proof_ids_;
  std::map<std::string, std::string> access_, refresh_;  // token → thumbprint of its key
  std::string phone_;                                    // thumbprint of the active one
};

}  // namespace elicense::test
