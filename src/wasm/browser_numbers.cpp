// What a browser can do already: sines, exponentials, and reading a number. The C library's own would be 10 KB of the
// download. Who is linked with this file gets these instead.
#include <emscripten.h>

#include <clocale>
#include <cmath>
#include <cstdlib>
#include <cstring>

EM_JS(double, elicense_sine, (double angle), { return Math.sin(angle); });
EM_JS(double, elicense_cosine, (double angle), { return Math.cos(angle); });
EM_JS(double, elicense_arc_cosine, (double cosine), { return Math.acos(cosine); });
EM_JS(double, elicense_exponential, (double power), { return Math.exp(power); });
// As exact as C's, but of the text as a whole: NaN if there is anything else in it.
EM_JS(double, elicense_read_number, (const char* text), { return Number(UTF8ToString(text)); });

extern "C" {

float sinf(float angle) { return static_cast<float>(elicense_sine(static_cast<double>(angle))); }
float cosf(float angle) { return static_cast<float>(elicense_cosine(static_cast<double>(angle))); }
float acosf(float cosine) { return static_cast<float>(elicense_arc_cosine(static_cast<double>(cosine))); }
float expf(float power) { return static_cast<float>(elicense_exponential(static_cast<double>(power))); }

double strtod(const char* text, char** end) {
  const double number = elicense_read_number(text);
  if (end != nullptr) *end = const_cast<char*>(std::isnan(number) ? text : text + std::strlen(text));
  return std::isnan(number) ? 0 : number;
}
float strtof(const char* text, char** end) { return static_cast<float>(strtod(text, end)); }
long double strtold(const char* text, char** end) { return static_cast<long double>(strtod(text, end)); }
// The C library has them in one piece with those above, and would bring it all back.
float strtof_l(const char* text, char** end, locale_t) { return strtof(text, end); }
double strtod_l(const char* text, char** end, locale_t) { return strtod(text, end); }
long double strtold_l(const char* text, char** end, locale_t) { return strtold(text, end); }

}  // extern "C"
