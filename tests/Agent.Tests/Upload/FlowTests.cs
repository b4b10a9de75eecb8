using System.Globalization;
using Agent.Events;
using Agent.Tests.Support;
using Agent.Upload;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Agent.Tests.Upload;

/// <summary>Cases/upload/flow.txt: how much is sent, and how much of it in vain.</summary>
public sealed class FlowTests
{
    static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    public sealed record Course(
        string Name, int Streams, string Latency, string Script, int Seconds, int JudgedFrom, string PerSecond,
        string VainPercent, double Fairness);

    public static TheoryData<string> Table =>
        [.. Cases.Table("upload/flow.txt", " | ").Select(columns => string.Join(" | ", columns))];

    [Theory, MemberData(nameof(Table))]
    public async Task AServiceGetsAsMuchAsItTakes(string row)
    {
        var one = Parse(row.Split(" | "));
        var time = new FakeTimeProvider();
        var service = new SimulatedService(time, one.Latency, one.Script);
        using var stopping = new CancellationTokenSource();
        var senders = NewSenders(one.Streams, service, time, stopping.Token);
        var turns = new Queue<StreamSender>(senders.Values);
        await PassAsync(one.JudgedFrom);
        var (inVain, taken, takenOf) = (service.InVain, service.Taken, new Dictionary<string, int>(service.TakenOf));
        await PassAsync(one.Seconds - one.JudgedFrom);
        await stopping.CancelAsync();

        (inVain, taken) = (service.InVain - inVain, service.Taken - taken);
        var shares = senders.Keys.Select(
            name => service.TakenOf.GetValueOrDefault(name) - takenOf.GetValueOrDefault(name)).ToList();
        var what = $"{taken} taken and {inVain} in vain, of the streams {shares.Min()} to {shares.Max()}";
        AssertIn(one.PerSecond, taken / (double)(one.Seconds - one.JudgedFrom), what);
        AssertIn(one.VainPercent, 100.0 * inVain / Math.Max(1, taken + inVain), what);
        Assert.True(shares.Min() >= one.Fairness * shares.Max(), what);

        async Task PassAsync(int seconds)
        {
            for (var until = time.GetUtcNow().AddSeconds(seconds); time.GetUtcNow() < until;)
            {
                await SettleAsync(turns, service);
                time.Advance(Step);
            }
        }
    }

    // Everybody has more to send and is served in turn, as the reader serves files; all that needs no time to pass is
    // done.
    static async Task SettleAsync(Queue<StreamSender> turns, SimulatedService service)
    {
        var steps = -1;
        var quiet = 0;
        while (quiet < 2)
        {
            for (var without = 0; without < turns.Count; turns.Enqueue(turns.Dequeue()))
            {
                without = turns.Peek().HasRoom ? 0 : without + 1;
                if (without == 0)
                {
                    turns.Peek().Enqueue(Some.Batch(1, isFull: true));
                }
            }

            await Task.Delay(1); // waits for the loop's condition: nothing happened meanwhile
            quiet = service.Steps == steps ? quiet + 1 : 0;
            steps = service.Steps;
        }
    }

    static Dictionary<string, StreamSender> NewSenders(
        int count, SimulatedService service, FakeTimeProvider time, CancellationToken stopping)
    {
        var log = new CollectingLog();
        var sending = new ScriptedService().Sending(time, log, stopping) with { Put = service.PutAsync };
        return Enumerable.Range(0, count).Select(i => $"{i}").ToDictionary(name => name, name => new StreamSender(
            sending, Task.FromResult(new LogTarget("group", name, null, null)), (_, _) => { }, log));
    }

    static void AssertIn(string range, double value, string what)
    {
        var bounds = range.Split('-').Select(one => double.Parse(one, CultureInfo.InvariantCulture)).ToList();
        Assert.True(value >= bounds[0] && value <= bounds[1], $"{value:F2} is not in {range}: {what}");
    }

    static Course Parse(string[] columns) => new(
        columns[0], Number(columns[1]), columns[2], columns[3], Number(columns[4]), Number(columns[5]), columns[6],
        columns[7], double.Parse(columns[8], CultureInfo.InvariantCulture));

    static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
