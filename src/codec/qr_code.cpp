#include "codec/qr_code.h"

#include <qrencode.h>

#include <memory>

namespace elicense {
namespace {

constexpr std::size_t kMostCharacters = 4296;  // version 40, level L (ISO/IEC 18004 table 7)

bool is_alphanumeric(char c) {
  constexpr std::string_view kOthers = " $%*+-./:";
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || kOthers.find(c) != std::string_view::npos;
}

QRecLevel library_level(QrLevel level) {
  switch (level) {
    case QrLevel::low:
      return QR_ECLEVEL_L;
    case QrLevel::medium:
      return QR_ECLEVEL_M;
    case QrLevel::quartile:
      return QR_ECLEVEL_Q;
    case QrLevel::high:
      return QR_ECLEVEL_H;
  }
  ELICENSE_ASSERT(false);
}

struct Release {
  void operator()(QRinput* input) const { QRinput_free(input); }
  void operator()(QRcode* code) const { QRcode_free(code); }
};

}  // namespace

Result<QrCode> qr_encode(std::string_view alphanumeric, QrLevel level) {
  if (alphanumeric.empty() || alphanumeric.size() > kMostCharacters) return ErrorCode::qr_capacity;
  for (const char c : alphanumeric) {
    if (!is_alphanumeric(c)) return ErrorCode::qr_character;
  }
  constexpr int kSmallestVersion = 0;
  const std::unique_ptr<QRinput, Release> input(QRinput_new2(kSmallestVersion, library_level(level)));
  ELICENSE_ASSERT(input);
  const int appended = QRinput_append(input.get(), QR_MODE_AN, static_cast<int>(alphanumeric.size()),
                                      reinterpret_cast<const unsigned char*>(alphanumeric.data()));
  ELICENSE_ASSERT(appended == 0);
  const std::unique_ptr<QRcode, Release> symbol(QRcode_encodeInput(input.get()));
  if (!symbol) return ErrorCode::qr_capacity;

  QrCode code;
  code.version = symbol->version;
  code.size = static_cast<std::size_t>(symbol->width);
  code.modules.resize(code.size * code.size);
  for (std::size_t i = 0; i < code.modules.size(); ++i) code.modules[i] = symbol->data[i] & 1;
  return code;
}

}  // namespace elicense
