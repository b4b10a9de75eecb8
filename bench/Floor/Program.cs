using System.Globalization;
using Floor;

// The least that shipping a file can cost: one thread reads, splits, escapes, hashes and sends, batch by batch, over
// one connection. No framing options, no positions, no retries; only what the service's protocol demands of any agent.
//   floor FILE PORT
// Prints the bytes read, the wall time and the processor time that it took, in seconds.
if (args.Length != 2)
{
    Console.Error.WriteLine("usage: floor FILE PORT");
    return 2;
}

var began = TimeProvider.System.GetTimestamp();
using var requests = new Requests(int.Parse(args[1], CultureInfo.InvariantCulture));
var bytes = new Batches(requests.Send).Ship(args[0]);
var wall = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
Console.WriteLine(string.Create(
    CultureInfo.InvariantCulture, $"{bytes} {wall:F3} {Environment.CpuUsage.TotalTime.TotalSeconds:F3}"));
return 0;
