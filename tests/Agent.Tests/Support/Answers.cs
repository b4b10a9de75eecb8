using System.Net;
using System.Text;
using CloudWatch.Wire;

namespace Agent.Tests.Support;

/// <summary>What the service says.</summary>
static class Answers
{
    public static ServiceAnswer Ok(string body = """{"nextSequenceToken":"1"}""") => Of(200, body);

    public static ServiceAnswer Error(string type, int status = 400) =>
        Of(status, $$"""{"__type":"{{type}}","message":"because"}""");

    public static ServiceAnswer Of(int status, string body, TimeSpan? retryAfter = null) =>
        new((HttpStatusCode)status, Encoding.UTF8.GetBytes(body), null, retryAfter);
}
