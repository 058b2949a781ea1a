// What every endpoint works with, and the list of them. Handlers are free functions over a Service: they hold nothing
// between two requests, so that any instance can answer any request.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "authority/event_hub.h"
#include "authority/keys/key_ring.h"
#include "authority/routes.h"
#include "authority/service/card.h"
#include "authority/service/publisher.h"
#include "authority/store/store.h"
#include "crypto/random.h"

namespace elicense::authority {

inline constexpr std::string_view kPreAuthorizedGrant = "urn:ietf:params:oauth:grant-type:pre-authorized_code";
inline constexpr std::size_t kMostProofs = 8;  // in one request for credentials

struct ServiceSettings {
  std::string origin;  // this authority's identifier: iss, aud, the beginning of every URL
  bool demo = false;
  std::int64_t code_seconds = 300;
  std::int64_t access_seconds = 3600;
  std::int64_t refresh_seconds = 90 * 86400;
  std::int64_t nonce_seconds = 300;
  std::int64_t lease_seconds = 86400;
  std::int64_t licence_seconds = 30 * 86400;
  // For one address, one phone, one partner. An operator's key tried in vain counts as ten requests of its address.
  RateLimit per_address = {1200, 60};
  RateLimit per_phone = {120, 60};
  RateLimit per_partner = {1200, 60};
};

struct Service {
  const ServiceSettings& settings;
  Store& store;
  KeyRing& keys;
  RandomSource& random;
  Publisher& publisher;
  EventHub& hub;
  Cards& cards;
  std::function<UnixTime()> clock;
};

void add_public_routes(Routes& routes, Service& service);   // metadata, keys, trust list, status lists
void add_phone_routes(Routes& routes, Service& service);    // token, nonce, credential, events, checks
void add_partner_routes(Routes& routes, Service& service);  // verify
void add_admin_routes(Routes& routes, Service& service);

}  // namespace elicense::authority
