// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/extension/pluginlibrary.h"

#include "core/extension/contained_p.h"
#include "core/extension/plugin.h"

#include <QPluginLoader>

namespace Rollcall {

PluginLibrary loadPluginLibrary(const QString &path)
{
    QPluginLoader loader(path);
    // A symbol that is missing must stop the plugin here, not the process at the first call.
    loader.setLoadHints(QLibrary::ResolveAllSymbolsHint | QLibrary::PreventUnloadHint);
    QObject *instance = nullptr;
    const QString thrown = contained([&] { instance = loader.instance(); });

    PluginLibrary library;
    library.isInProcess = loader.isLoaded();
    library.plugin = qobject_cast<Plugin *>(instance);
    if (!thrown.isEmpty())
        library.error = QStringLiteral("its constructor ") + thrown;
    else if (!instance)
        library.error = loader.errorString();
    else if (!library.plugin)
        library.error = QStringLiteral("its class %1 is not a Rollcall::Plugin")
                            .arg(QLatin1String(instance->metaObject()->className()));
    return library;
}

} // namespace Rollcall
