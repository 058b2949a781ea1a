// The functions of e-license-verifier.wasm (web/verifier-messages.ts has their list): events go to the session, its
// effects come out one by one. JavaScript is never called in the middle of a call.
#include <cstddef>
#include <cstdlib>
#include <string>

#include "crypto/random.h"
#include "verifier/messages.h"

namespace elicense {

class Verifier {
 public:
  // An event that is none is dropped: the page and the module are built together, so nobody could make sense of a
  // reply.
  void send(std::string_view text) { static_cast<void>(messages_.receive(text)); }
  const char* next_message() {
    auto effect = messages_.next_effect();
    if (!effect) return nullptr;
    message_ = std::move(*effect);
    return message_.c_str();
  }
  std::size_t message_size() const { return message_.size(); }

 private:
  SystemRandom random_;
  CheckMessages messages_{random_};
  std::string message_;
};

}  // namespace elicense

using elicense::Verifier;

extern "C" {

int elicense_abi_version();
Verifier* elicense_create();
void elicense_destroy(Verifier* verifier);
void* elicense_alloc(std::size_t size);
void elicense_free(void* memory);
void elicense_send(Verifier* verifier, const char* text, std::size_t size);
const char* elicense_next_message(Verifier* verifier);
std::size_t elicense_message_size(const Verifier* verifier);

int elicense_abi_version() { return 1; }

Verifier* elicense_create() { return new Verifier; }

void elicense_destroy(Verifier* verifier) { delete verifier; }

void* elicense_alloc(std::size_t size) { return std::malloc(size); }

void elicense_free(void* memory) { std::free(memory); }

void elicense_send(Verifier* verifier, const char* text, std::size_t size) { verifier->send({text, size}); }

const char* elicense_next_message(Verifier* verifier) { return verifier->next_message(); }

std::size_t elicense_message_size(const Verifier* verifier) { return verifier->message_size(); }

}  // extern "C"
