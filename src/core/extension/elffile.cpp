// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/extension/elffile.h"

#include <QFile>
#include <QFileInfo>

#include <algorithm>
#include <cstring>
#include <elf.h>
#include <link.h>

namespace Rollcall {

namespace {

using Header = ElfW(Ehdr);
using Segment = ElfW(Phdr);

#ifdef __LP64__
constexpr unsigned char kClass = ELFCLASS64;
#else
constexpr unsigned char kClass = ELFCLASS32;
#endif
constexpr unsigned char kByteOrder = Q_BYTE_ORDER == Q_LITTLE_ENDIAN ? ELFDATA2LSB : ELFDATA2MSB;

Error notAPlugin(const QString &why)
{
    return {ErrorCode::Configuration, QStringLiteral("not a plugin: ") + why, {}};
}

/// Whether `count` entries of `size` bytes at `offset` lie inside the file, without overflow.
bool isInside(quint64 offset, quint64 count, quint64 size, quint64 fileSize)
{
    if (offset > fileSize)
        return false;
    return size == 0 || count <= (fileSize - offset) / size;
}

} // namespace

Result<void> checkElfFile(const QString &path)
{
    // Opening a pipe would block.
    if (!QFileInfo(path).isFile())
        return notAPlugin(QStringLiteral("not a regular file"));
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return notAPlugin(file.errorString());
    const auto fileSize = quint64(file.size());

    Header header;
    if (file.read(reinterpret_cast<char *>(&header), sizeof header) != qint64(sizeof header)
        || std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0) {
        return notAPlugin(QStringLiteral("not an ELF library"));
    }
    if (header.e_ident[EI_CLASS] != kClass || header.e_ident[EI_DATA] != kByteOrder)
        return notAPlugin(QStringLiteral("built for another kind of machine"));
    if (header.e_type != ET_DYN)
        return notAPlugin(QStringLiteral("not a shared library"));
    if (header.e_phentsize != sizeof(Segment))
        return notAPlugin(QStringLiteral("its program headers are damaged"));

    bool isWhole = isInside(header.e_phoff, header.e_phnum, header.e_phentsize, fileSize)
        && isInside(header.e_shoff, header.e_shnum, header.e_shentsize, fileSize);
    if (isWhole) {
        std::vector<Segment> segments(header.e_phnum);
        const auto bytes = qint64(segments.size() * sizeof(Segment));
        isWhole = file.seek(qint64(header.e_phoff))
            && file.read(reinterpret_cast<char *>(segments.data()), bytes) == bytes
            && std::ranges::all_of(segments, [fileSize](const Segment &segment) {
                      return isInside(segment.p_offset, 1, segment.p_filesz, fileSize);
                  });
    }
    if (!isWhole)
        return notAPlugin(QStringLiteral("the file is cut off"));
    return {};
}

} // namespace Rollcall
