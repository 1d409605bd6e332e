// Writes the checkpoint of a short run to the file given.
#include "training.hpp"

int main(int, char** arguments) {
  train_a_little(arguments[1]);
  return 0;
}
