// Speed, as ratios within one run: absolute times differ from machine to machine, what we add to the bare signature
// work does not. Each pair is measured in short turns, one after the other, so that a noisy neighbour meets both or
// neither; the ratio is the median of the turns' ratios, the times are the shortest seen.
#include <sodium/crypto_sign_ed25519.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <functional>
#include <random>
#include <string_view>
#include <vector>

#include "codec/base45.h"
#include "codec/qr_code.h"
#include "support/demo.h"

namespace elicense {
namespace {

using namespace test;

constexpr int kTurns = 401;
constexpr int kCallsEach = 5;

double microseconds(const std::function<void()>& call) {
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < kCallsEach; ++i) call();
  const std::chrono::duration<double, std::micro> spent = std::chrono::steady_clock::now() - start;
  return spent.count() / kCallsEach;
}

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + kTurns / 2, values.end());
  return values[kTurns / 2];
}

double shortest(const std::vector<double>& values) { return *std::min_element(values.begin(), values.end()); }

struct Comparison {
  const char* ours;
  const char* bare;
  double aim;  // the ratio that is aimed at; 0: none
};

void compare(const Comparison& names, const std::function<void()>& ours, const std::function<void()>& bare) {
  std::vector<double> our_times;
  std::vector<double> bare_times;
  for (int turn = 0; turn < kTurns; ++turn) {
    our_times.push_back(microseconds(ours));
    bare_times.push_back(microseconds(bare));
  }
  std::vector<double> ratios;
  for (std::size_t turn = 0; turn < our_times.size(); ++turn) ratios.push_back(our_times[turn] / bare_times[turn]);
  const double ratio = median(ratios);
  std::printf("%-34s %9.1f us   %-30s %9.1f us   ratio %5.3f", names.ours, shortest(our_times), names.bare,
              shortest(bare_times), ratio);
  if (names.aim > 0) std::printf("   aim %.2f: %s", names.aim, ratio <= names.aim ? "reached" : "MISSED");
  std::printf("\n");
}

void alone(const char* name, const std::function<void()>& call) {
  std::vector<double> times;
  for (int turn = 0; turn < kTurns; ++turn) times.push_back(microseconds(call));
  std::printf("%-34s %9.1f us\n", name, shortest(times));
}

void expect(bool condition, const char* what) {
  if (condition) return;
  std::printf("broken benchmark: %s\n", what);
  std::exit(1);
}

// Bare libsodium over the very bytes that a live code has signed.
class BareSignature {
 public:
  explicit BareSignature(std::size_t message_size) : message_(message_size, 7) {
    const std::array<std::uint8_t, 32> seed{4};
    crypto_sign_ed25519_seed_keypair(public_key_.data(), secret_key_.data(), seed.data());
    sign();
  }
  void sign() {
    crypto_sign_ed25519_detached(signature_.data(), nullptr, message_.data(), message_.size(), secret_key_.data());
  }
  void verify() const {
    expect(crypto_sign_ed25519_verify_detached(signature_.data(), message_.data(), message_.size(),
                                               public_key_.data()) == 0,
           "signature");
  }

 private:
  Bytes message_;
  std::array<std::uint8_t, 32> public_key_{};
  std::array<std::uint8_t, 64> secret_key_{};
  std::array<std::uint8_t, 64> signature_{};
};

// A shard in which every fiftieth licence, at random, has one of twenty statuses that are not normal.
void status_list() {
  std::vector<std::uint8_t> values(kStatusesPerShard, status_value::kValid);
  std::minstd_rand random(7);
  for (std::uint8_t& value : values) {
    if (random() % 50 == 0) value = static_cast<std::uint8_t>(16 + random() % 20);
  }
  const StatusArray statuses = StatusArray::pack(values, 8).value();
  const auto start = std::chrono::steady_clock::now();
  const std::string packed = statuses.encode();
  const std::chrono::duration<double, std::milli> spent = std::chrono::steady_clock::now() - start;
  std::printf("a status list of 2^20 licences, 2 %% not normal: %zu characters, packed in %.0f ms\n", packed.size(),
              spent.count());
}

void run() {
  const TrustList keys = trust();
  const SecretKey key = lease_key();
  const LiveCodeMinter minter = LiveCodeMinter::from_lease(signed_lease(lease_claims())).value();
  const std::string code = minter.mint(kNow, std::nullopt, key);
  const LiveCodePolicy policy{
      .now = kNow, .trust = keys, .status_lists = nullptr, .spent_codes = nullptr, .challenge = std::nullopt};
  const LiveCodePolicy late{
      .now = kNow + 11, .trust = keys, .status_lists = nullptr, .spent_codes = nullptr, .challenge = std::nullopt};
  const std::size_t countersigned = minter.draft(kNow, std::nullopt).signing_input.bytes.size();
  BareSignature lease_signature(countersigned - 100);  // the issuer's covers neither itself nor the presentation
  BareSignature live_signature(countersigned);

  compare(
      {"verify a live code", "two bare verifies", 1.10},
      [&] { expect(verify_live_code(code, policy).result == CheckResult::valid, "verify"); },
      [&] {
        lease_signature.verify();
        live_signature.verify();
      });
  std::int64_t second = 0;
  compare(
      {"mint a live code", "one bare sign", 1.25},
      [&] { expect(!minter.mint(kNow + ++second, std::nullopt, key).empty(), "mint"); },
      [&] { live_signature.sign(); });

  CountingRandom random;
  const std::string licence = issue_licence(licence_envelope(), licence_data(), issuer_key(), random).value();
  const LicencePolicy licence_policy{.now = kNow, .trust = keys, .status_lists = nullptr, .key_binding = std::nullopt};
  compare(
      {"verify a licence (SD-JWT VC)", "one bare verify", 0},
      [&] {
        Checklist checklist;
        expect(VerifiedLicence::verify(licence, licence_policy, checklist).ok(), "licence");
      },
      [&] { live_signature.verify(); });
  const Bytes packed = base45_decode(code).value();
  alone("  of a code: Base45 read", [&] { expect(base45_decode(code).ok(), "base45"); });
  alone("  of a code: inflate", [&] { expect(zlib_inflate(packed, kMostCodeBytes).ok(), "inflate"); });
  alone("refuse a stale code", [&] { expect(verify_live_code(code, late).result == CheckResult::stale, "stale"); });
  alone("QR symbol of a code", [&] { expect(qr_encode(code, QrLevel::low).ok(), "qr"); });
  std::printf("a live code: %zu bytes, %zu characters, QR version %d-L\n", packed.size(), code.size(),
              qr_encode(code, QrLevel::low)->version);
  status_list();
}

// Bare signatures of the length that tokens have, in processor time of this process: {"sign": us, "verify": us}.
void print_signatures() {
  const auto cpu_microseconds = [](const std::function<void()>& call) {
    const std::clock_t start = std::clock();
    for (int i = 0; i < 20; ++i) call();
    return static_cast<double>(std::clock() - start) * 1e6 / CLOCKS_PER_SEC / 20;
  };
  BareSignature signature(400);
  std::vector<double> sign_times;
  std::vector<double> verify_times;
  for (int turn = 0; turn < kTurns; ++turn) {
    sign_times.push_back(cpu_microseconds([&] { signature.sign(); }));
    verify_times.push_back(cpu_microseconds([&] { signature.verify(); }));
  }
  std::printf("{\"sign\": %.1f, \"verify\": %.1f}\n", median(sign_times), median(verify_times));
}

}  // namespace
}  // namespace elicense

int main(int count, char** words) {
  if (count > 1 && std::string_view(words[1]) == "--signatures")
    elicense::print_signatures();
  else
    elicense::run();
}
