using Agent.Checkpoint;
using Agent.Native;
using Agent.Pipeline;
using Agent.Tail;

namespace Agent.Commands;

/// <summary>What the agent needs on this host: files that it may read, and a folder that it may write to.</summary>
static class DoctorFiles
{
    // The others are as they are: a pattern may match thousands.
    const int MostFiles = 20;

    public static IEnumerable<Diagnosis> Look(Plan plan, string stateFolder)
    {
        FileOpening.FollowsAnyLink = plan.FollowsAnyLink;
        return [.. plan.Entries.SelectMany(FilesOf), StateOf(stateFolder)];
    }

    public static IEnumerable<Diagnosis> FilesOf(EntryPlan entry)
    {
        if (entry.Journal is { } journal)
        {
            return [JournalOf(journal)];
        }

        if (entry.Files.LiteralPath is { } path)
        {
            return [FileAt(path)];
        }

        var walk = entry.Files.Walk();
        var faults = walk.Faults.Select(fault => new Diagnosis(
            entry.Files.Text, $"{fault.Path}: {fault.Reason}", "let the agent's user list the folder"));
        var files = walk.Files.Where(file => !entry.IsExcluded(file.Path)).ToList();
        return files.Count == 0
            ? [.. faults, new(
                entry.Files.Text, "no file matches",
                "look at file_path: it may be right, and files that come later are found")]
            : [.. faults, .. files.Take(MostFiles).Select(file => FileAt(file.Path))];
    }

    static Diagnosis FileAt(string path)
    {
        using var handle = FileOpening.TryOpen(path, out var facts, out var fault);
        return handle is not null ? new(path, $"readable, {Quantity.Bytes(facts.LengthBytes)}")
            : fault.IsAbsent ? new(path, "it is not there", RemedyOfAbsent(path))
            : new(path, $"cannot be read by {Environment.UserName}: {fault.Text}", RemedyOf(path, fault));
    }

    // Amazon Linux 2023 and Debian 12 have no rsyslog: what was in these files is in the journal.
    static string RemedyOfAbsent(string path) =>
        "look at file_path: once the file is there it is read"
        + (path is "/var/log/secure" or "/var/log/messages" or "/var/log/auth.log" or "/var/log/syslog"
            && JournalFiles.Fault(folder: null, out _) is null
                ? "; where no rsyslog writes it, collect journald in its place"
                : "");

    static Diagnosis JournalOf(JournalPlan journal)
    {
        try
        {
            if (JournalFiles.Fault(journal.Query.Folder, out _) is { } fault)
            {
                return new(JournalPlan.Path, fault, "let the agent's user read the journal, or set journald_directory");
            }

            using var opened = journal.Query.Open();
            return opened.GoToLast()
                ? new(JournalPlan.Path, "readable, entries that are meant are there")
                : new(JournalPlan.Path, "readable, no entry of those that are meant is there yet");
        }
        catch (IOException e)
        {
            return new(JournalPlan.Path, e.Message, "look at units and matches, or set journald_directory");
        }
    }

    static string RemedyOf(string path, FileFault fault) =>
        fault == FileFault.StrangeLink ? "set vigil.follow_links to any, if the link is meant"
        : fault == FileFault.NotRegular ? "name a regular file"
        : $"run the agent as root or give its user the right to read: setfacl -m u:{Environment.UserName}:r {path}";

    static Diagnosis StateOf(string folder)
    {
        const string Subject = "state folder";
        if (StateFolder.IsTaken(folder))
        {
            return new(Subject, $"{folder}, an agent runs on it");
        }

        var existing = folder;
        while (!Directory.Exists(existing) && Path.GetDirectoryName(existing) is { } above)
        {
            existing = above;
        }

        try
        {
            var probe = Path.Combine(existing, $".vigil-doctor-{Environment.ProcessId}");
            File.WriteAllText(probe, "");
            File.Delete(probe);
            return new(Subject, existing == folder ? $"{folder}, writable" : $"{folder}, can be made");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new(
                Subject, $"{folder} cannot be written by {Environment.UserName}: {e.Message}",
                "give the folder to the agent's user, free the disk, or choose another with --state");
        }
    }
}
