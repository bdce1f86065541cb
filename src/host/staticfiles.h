// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/services/httpservice.h"

#include <QHash>

namespace Rollcall {

/// The files of one folder over HTTP: with content type and ETag, never outside the folder.
///
/// The routes are those of the entries the folder has at publish(); their contents are read when
/// asked for.
class StaticFiles : public QObject
{
    Q_OBJECT
public:
    static constexpr qint64 kMaxFileBytes = 8 << 20;

    explicit StaticFiles(const QString &root, QObject *parent = nullptr);

    /// index.html at "/", every other file under its name.
    void publish(HttpService &http);
    /// `path`: relative and decoded, as "app/chat.js". `ifNoneMatch`: the request's header.
    HttpResponse response(const QString &path, const QByteArray &ifNoneMatch) const;

private:
    QString m_root; // canonical
};

} // namespace Rollcall
