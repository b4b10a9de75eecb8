using Agent.Checkpoint;
using Agent.Native;
using Agent.Pipeline;

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
            : fault.IsAbsent ? new(path, "it is not there", "look at file_path: once the file is there it is read")
            : new(path, $"cannot be read by {Environment.UserName}: {fault.Text}", RemedyOf(path, fault));
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
