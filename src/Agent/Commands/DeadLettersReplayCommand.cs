using System.CommandLine;
using System.Text.Json;
using Agent.Aws;
using Agent.Checkpoint;
using Agent.Events;
using Agent.Upload;
using CloudWatch.Wire;
using Microsoft.Extensions.Logging.Abstractions;

namespace Agent.Commands;

/// <summary><c>vigil deadletters replay</c>: delivers what was refused, once whatever was in the way is no more. What
/// the service takes is no dead letter and no gap any more.</summary>
static class DeadLettersReplayCommand
{
    public static Command Create(Option<string> state, Connection connection)
    {
        var choice = new DeadLetterChoice();
        var group = new Option<string?>("--group")
        {
            Description = "Another log group than the one they were for",
            HelpName = "NAME"
        };
        var stream = new Option<string?>("--stream")
        {
            Description = "Another log stream than the one they were for",
            HelpName = "NAME"
        };
        var now = new Option<bool>("--now")
        {
            Description = "Stamp them with this moment: the service takes no event that is older than 14 days"
        };
        var command = new Command("replay", "Deliver them after all") { group, stream, now };
        choice.AddTo(command);
        connection.AddTo(command);
        command.SetGuardedAction(async (parsed, cancel) =>
        {
            using var sender = connection.Open(parsed);
            var replay = new Replay(new(sender), parsed.GetValue(group), parsed.GetValue(stream), parsed.GetValue(now));
            var letters = DeadLettersFolder.Read(parsed, state, store => choice.In(store, parsed));
            var left = 0;
            foreach (var gap in letters)
            {
                var id = gap.DeadLetter!.Id;
                var events = DeadLettersFolder.Read(parsed, state, store => DeadLettersFolder.EventsOf(store, id));
                var remaining = await replay.SendAsync(gap, events, cancel);
                DeadLettersFolder.Change(parsed, state, store => Settle(store, id, events, remaining));
                left += remaining.Count > 0 ? 1 : 0;
            }

            await Console.Out.WriteLineAsync($"delivered: {letters.Count - left}, still there: {left}");
            return left == 0 ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    static PositionStore Settle(
        PositionStore store, long id, IReadOnlyList<InputLogEvent> events, IReadOnlyList<InputLogEvent> remaining)
    {
        if (remaining.Count == 0)
        {
            store.Letters.Deliver(id);
        }
        else if (remaining.Count < events.Count)
        {
            store.Letters.Keep(id, remaining.Count, LetterBody.Pack([BodyOf(remaining)]));
        }

        return store;
    }

    static byte[] BodyOf(IReadOnlyList<InputLogEvent> events) => System.Text.Encoding.UTF8.GetBytes(
        string.Join(',', events.Select(one => JsonSerializer.Serialize(one, LogsJson.Wire.InputLogEvent))));

    sealed class Replay(LogsClient client, string? group, string? stream, bool isStampedAnew)
    {
        readonly TargetCreation _creation = new(
            client.CallAsync, new(most: 1, TimeProvider.System), NullLogger.Instance);

        /// <summary>Sends the log events of one dead letter.</summary>
        /// <returns>Those that were not taken.</returns>
        public async Task<IReadOnlyList<InputLogEvent>> SendAsync(
            Gap gap, IReadOnlyList<InputLogEvent> events, CancellationToken cancel)
        {
            var id = gap.DeadLetter!.Id;
            var stamp = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
            var sent = isStampedAnew ? [.. events.Select(one => one with { Timestamp = stamp })] : events;
            var target = new LogTarget(group ?? gap.LogGroup, stream ?? gap.LogStream, null, null);
            var answer = await PutAsync(target, sent, cancel);
            if (Verdicts.Of(answer) is not (Verdict.Accepted or Verdict.AcceptedInPart))
            {
                await SayAsync(id, $"{target}: {answer.ErrorText()}");
                return events;
            }

            var left = Left(answer, events);
            if (left.Count > 0)
            {
                await SayAsync(
                    id, $"{target} did not take {left.Count} of {events.Count} log events: they are too old or too far "
                    + $"ahead{(isStampedAnew ? "" : ". --now stamps them with this moment")}");
            }

            return left;
        }

        async Task<ServiceAnswer> PutAsync(
            LogTarget target, IReadOnlyList<InputLogEvent> events, CancellationToken cancel)
        {
            IReadOnlyList<ReadOnlyMemory<byte>> body = [BodyOf(events)];
            var hasMetrics = events.Any(one => EmbeddedMetrics.AreIn(System.Text.Encoding.UTF8.GetBytes(one.Message)));
            var answer = await client.PutAsync(target, body, hasMetrics, cancel);
            if (Verdicts.Of(answer) != Verdict.CreateTarget)
            {
                return answer;
            }

            var made = await _creation.CreateAsync(target, cancel);
            return made.IsSuccess ? await client.PutAsync(target, body, hasMetrics, cancel) : made;
        }

        static List<InputLogEvent> Left(ServiceAnswer answer, IReadOnlyList<InputLogEvent> events)
        {
            var rejected = JsonSerializer.Deserialize(answer.Body.Span, LogsJson.Wire.PutLogEventsResponse)
                ?.RejectedLogEventsInfo;
            var (first, end) = rejected?.StoredOf(events.Count) ?? (0, events.Count);
            return [.. events.Where((_, index) => index < first || index >= end)];
        }

        static Task SayAsync(long id, string fault) =>
            Console.Error.WriteLineAsync($"dead letter {id}: {Terminal.Harmless(fault)}");
    }
}
