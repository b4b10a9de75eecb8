using System.Runtime.InteropServices;
using LocalCloud.Store;

namespace LocalCloud.Api;

/// <summary>The token of a page of events: <c>f/DIGITS/s</c> leads to newer ones, <c>b/DIGITS/s</c> to older ones
/// (observed). It names the place where the last page ended, so events that arrive meanwhile shift nothing.</summary>
[StructLayout(LayoutKind.Auto)]
readonly record struct EventsToken(EventPosition Position, bool Backwards)
{
    const int Length = EventPosition.Digits + 4;

    public static string Forward(EventPosition position, long scope) => $"f/{position.ToDigits(scope)}/s";

    public static string Backward(EventPosition position, long scope) => $"b/{position.ToDigits(scope)}/s";

    /// <param name="scope">The id of the stream or group that the token must be for.</param>
    /// <exception cref="RefusedException">It is no token, or one for another stream or group.</exception>
    public static EventsToken? Read(string? token, long scope)
    {
        if (token is null)
            return null;
        if (token.Length != Length || token[0] is not ('f' or 'b') || token[1] != '/'
            || !token.EndsWith("/s", StringComparison.Ordinal)
            || !EventPosition.TryParse(token.AsSpan(2, EventPosition.Digits), scope, out var position))
        {
            throw RefusedException.BadToken();
        }

        return new(position, token[0] == 'b');
    }
}
