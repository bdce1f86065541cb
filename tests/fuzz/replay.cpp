// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

// usage: fuzz_<target> FOLDER...   Runs the target on every file, and on mutations of them that are
// the same each time.
#include "fuzz.h"

#include <QDirIterator>
#include <QFile>

#include <random>

namespace {

constexpr int kMutations = 2000; ///< per seed

void run(const QByteArray &input)
{
    // A copy of exactly its size, so that a sanitizer sees what reads behind it.
    const std::unique_ptr<uint8_t[]> copy(new uint8_t[size_t(input.size())]);
    std::copy(input.begin(), input.end(), copy.get());
    LLVMFuzzerTestOneInput(copy.get(), size_t(input.size()));
}

QByteArray mutated(QByteArray bytes, std::mt19937 &random)
{
    for (unsigned edits = 1 + random() % 4; edits > 0 && !bytes.isEmpty(); --edits) {
        const auto at = qsizetype(random() % size_t(bytes.size()));
        const auto length = qsizetype(1 + random() % 8);
        switch (random() % 5) {
        case 0:
            bytes[at] = char(random());
            break;
        case 1:
            bytes[at] = char(bytes[at] ^ 1 << random() % 8);
            break;
        case 2:
            bytes.insert(at, char(random()));
            break;
        case 3:
            bytes.remove(at, length);
            break;
        default:
            bytes.insert(at, bytes.mid(qsizetype(random() % size_t(bytes.size())), length));
        }
    }
    return bytes;
}

} // namespace

int main(int argc, char **argv)
{
    int seeds = 0;
    std::mt19937 random(1);
    for (int i = 1; i < argc; ++i) {
        QDirIterator files(QFile::decodeName(argv[i]), QDir::Files);
        while (files.hasNext()) {
            QFile file(files.next());
            if (!file.open(QIODevice::ReadOnly)) {
                std::fprintf(stderr, "%s: %s\n", qPrintable(file.fileName()),
                             qPrintable(file.errorString()));
                return 1;
            }
            const QByteArray seed = file.readAll();
            run(seed);
            for (int mutation = 0; mutation < kMutations; ++mutation)
                run(mutated(seed, random));
            ++seeds;
        }
    }
    std::printf("%d seeds, %d mutations of each\n", seeds, kMutations);
    return seeds > 0 ? 0 : 1;
}
