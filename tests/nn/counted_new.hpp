// Counts the calls of operator new in this executable.
#pragma once

namespace counted_new {

void start();
/// How many calls there were since start().
int stop();

}  // namespace counted_new
