using Agent.Discovery;
using Agent.Events;
using Agent.Native;
using Microsoft.Extensions.Logging;

namespace Agent.Pipeline;

/// <summary>Which folders are watched for the entries, and which cannot be and are looked at instead.</summary>
sealed partial class FolderWatches(ChangeWatch watch, ILogger log)
{
    readonly ILogger _log = log;
    readonly Dictionary<string, FolderState> _folders = [];
    readonly HashSet<string> _polled = [];
    readonly Dictionary<string, string> _saidFaults = [];

    /// <summary>What a folder was at the last look: its time changes with every name that comes or goes.</summary>
    readonly record struct FolderState(FileIdentity Identity, DateTimeOffset Modified);

    /// <summary>The folders whose changes nobody tells.</summary>
    public IReadOnlySet<string> Polled => _polled;

    /// <summary>Watches these folders, and no others any more.</summary>
    /// <returns>Whether one is watched that was not: what happened in it before must be looked for.</returns>
    public bool Set(IReadOnlySet<string> folders)
    {
        foreach (var gone in _folders.Keys.Where(folder => !folders.Contains(folder)).ToList())
        {
            watch.Unwatch(gone);
            _folders.Remove(gone);
            _polled.Remove(gone);
        }

        var isNew = false;
        foreach (var folder in folders)
        {
            if (!_folders.ContainsKey(folder))
            {
                _folders[folder] = default;
                Watch(folder);
                isNew = true;
            }
        }

        return isNew;
    }

    /// <summary>Looks at every folder: was it replaced, or did anything come or go unnoticed?</summary>
    /// <returns>Those in which something did.</returns>
    public HashSet<string> TakeChanged()
    {
        var changed = new HashSet<string>();
        foreach (var (folder, before) in _folders.ToList())
        {
            var now = FileFacts.TryOf(folder, out var facts, out _)
                ? new FolderState(new(facts.Device, facts.Inode), facts.Modified)
                : default;
            if (now != before)
            {
                changed.Add(folder);
                _folders[folder] = now;
            }

            // A watch is on the folder that was there, not on its name.
            if (now.Identity != before.Identity || _polled.Contains(folder))
            {
                Watch(folder);
            }
        }

        return changed;
    }

    void Watch(string folder)
    {
        if (watch.TryWatch(folder, out var fault))
        {
            _polled.Remove(folder);
            _saidFaults.Remove(folder);
            return;
        }

        _polled.Add(folder);
        if (_saidFaults.GetValueOrDefault(folder) != fault.Text)
        {
            _saidFaults[folder] = fault.Text;
            LogNotWatched(folder, fault.Text);
        }
    }

    [LoggerMessage(200, LogLevel.Warning,
        "{Folder} cannot be watched: {Fault}. Its files are looked at every second instead")]
    partial void LogNotWatched(string folder, string fault);
}
