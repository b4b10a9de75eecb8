using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Sink;

// A CloudWatch Logs that keeps nothing, for benchmarks: it takes every batch as fast as it can be read, and counts.
//   Sink [--latency-ms N] [--deny WORD]
// It prints its port. Each answer is withheld for so long; requests whose first bytes hold the word, as the name of a
// group does, are answered with AccessDeniedException. GET /counts tells what was taken so far.
var latency = TimeSpan.Zero;
string? denied = null;
for (var i = 0; i + 1 < args.Length; i += 2)
{
    switch (args[i])
    {
        case "--latency-ms":
            latency = TimeSpan.FromMilliseconds(int.Parse(args[i + 1], CultureInfo.InvariantCulture));
            break;
        case "--deny":
            denied = args[i + 1];
            break;
        default:
            Console.Error.WriteLine($"{args[i]} is no option of this program");
            return 2;
    }
}

using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
listener.Listen(512);
Console.WriteLine(((IPEndPoint)listener.LocalEndPoint!).Port);
var counts = new Counts();
while (true)
{
    var socket = await listener.AcceptAsync();
    socket.NoDelay = true;
    _ = Task.Run(new Connection(socket, counts, latency, denied).ServeAsync);
}
