using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Agent.Events;

namespace Agent.Status;

/// <summary>The report as it travels over the control socket, and as <c>vigil status --json</c> prints it.</summary>
[JsonSerializable(typeof(StatusReport))]
[JsonSerializable(typeof(IReadOnlyList<AlarmStatus>))]
[JsonSerializable(typeof(ReloadAnswer))]
[JsonSerializable(typeof(List<Gap>))]
sealed partial class StatusJson : JsonSerializerContext
{
    /// <summary>The context to use: snake case, and letters beyond ASCII as they are.</summary>
    public static StatusJson Wire { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true
    });
}
