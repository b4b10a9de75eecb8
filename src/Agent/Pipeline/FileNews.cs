using Agent.Events;
using Microsoft.Extensions.Logging;

namespace Agent.Pipeline;

/// <summary>Says which files are read. Of thousands that are found at a time the first are said one by one.</summary>
sealed partial class FileNews(TimeProvider time, ILogger log)
{
    readonly ILogger _log = log;
    readonly Crowd _begun = new(time);
    readonly Crowd _standing = new(time);

    /// <summary>A file begins to be read at an offset.</summary>
    public void Reading(string path, long offsetBytes)
    {
        switch (_begun.Join())
        {
            case <= Crowd.SaidOneByOne when offsetBytes == 0:
                LogFound(path);
                break;
            case <= Crowd.SaidOneByOne:
                LogResumed(path, offsetBytes);
                break;
            case Crowd.SaidOneByOne + 1:
                LogMore(Crowd.SaidOneByOne);
                break;
        }
    }

    /// <summary>Lines of a path wait, and none moves on.</summary>
    public void StandsStill(string path)
    {
        if (_standing.Join() <= Crowd.SaidOneByOne)
        {
            LogStandsStill(path);
        }
    }

    /// <summary>A file is not at its path any more.</summary>
    /// <param name="newPath">Null where it has no name any more.</param>
    public void MovedAway(string path, string? newPath)
    {
        if (newPath is null)
        {
            LogDeleted(path);
        }
        else
        {
            LogMovedAway(path, newPath);
        }
    }

    [LoggerMessage(100, LogLevel.Information, "{Path}: found; reading from its beginning")]
    partial void LogFound(string path);

    [LoggerMessage(101, LogLevel.Information, "{Path}: reading on from byte {Offset}")]
    partial void LogResumed(string path, long offset);

    [LoggerMessage(107, LogLevel.Information,
        "More than {Files} files begin to be read: the others are not said one by one, vigil status --all lists them")]
    partial void LogMore(int files);

    [LoggerMessage(111, LogLevel.Warning,
        "{Path}: lines wait, and none was read or delivered for 5 minutes. vigil status tells how far each file is")]
    partial void LogStandsStill(string path);

    /// <summary>What the spool holds for a file is another's.</summary>
    public void SpooledIsOther(string path, string aside) => LogSpooledIsOther(path, aside);

    [LoggerMessage(118, LogLevel.Error,
        "{Path}: what the spool holds of a deleted file is of another: it is not shipped but moved to {Aside}, and "
        + "'zcat' prints it")]
    partial void LogSpooledIsOther(string path, string aside);

    [LoggerMessage(116, LogLevel.Information, "{Path}: deleted; what is open of it is read to its end")]
    partial void LogDeleted(string path);

    [LoggerMessage(102, LogLevel.Information, "{Path}: rotated; the old file is now {NewPath} and is read to its end")]
    partial void LogMovedAway(string path, string newPath);
}
