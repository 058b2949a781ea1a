// One command a line on standard input; SIGUSR1 covers the licence, SIGUSR2 uncovers it.
//   code CODE      a pre-authorized code, from the app's own service after the person check
//   cover, uncover
//   picture FILE   the window as it is on the screen, PNG
//   open URL       as if the page went there
//   front, reload, quit
#pragma once

#include "licence_window.h"

namespace elicense::host {

void watch_commands(LicenceWindow& window);

}  // namespace elicense::host
