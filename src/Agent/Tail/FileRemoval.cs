using Agent.Events;
using Agent.Native;

namespace Agent.Tail;

/// <summary>Deletes a file by what it is, not by its name: a name may have been given to a newer file since.</summary>
static class FileRemoval
{
    /// <param name="fault">Why not.</param>
    public static bool TryRemove(string path, FileIdentity identity, out string fault)
    {
        fault = "";
        if (!FileFacts.TryOf(path, out var facts, out var why))
        {
            fault = why.Text;
        }
        else if (new FileIdentity(facts.Device, facts.Inode) != identity)
        {
            fault = "another file has that name by now";
        }
        else
        {
            try
            {
                File.Delete(path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                fault = e.Message;
            }
        }

        return fault.Length == 0;
    }
}
