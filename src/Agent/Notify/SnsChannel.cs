using System.Text;
using System.Text.Json;
using Agent.Events;

namespace Agent.Notify;

/// <summary>Publishes form parameters to the Simple Notification Service.</summary>
/// <exception cref="NotifyException">It was not taken.</exception>
delegate Task PublishToTopic(IEnumerable<KeyValuePair<string, string>> parameters, CancellationToken cancel);

/// <summary>Publishes each notice to an SNS topic, as the service's own alarms are published: JSON for programs, text
/// for mail, the subject for phones. Source: API, SNS Publish; spec/sns-email.md, sections 4 and 7.</summary>
sealed class SnsChannel(string name, string topicArn, string host, PublishToTopic publish) : Channel(name)
{
    // The service's own bound is 262,144 bytes; the text is in it twice, and the JSON is a text in JSON.
    const int MostLineBytes = 100_000;

    public override async Task SendAsync(IReadOnlyList<AlarmNotice> notices, CancellationToken cancel)
    {
        foreach (var notice in notices)
        {
            await publish(Parameters(Bounded(notice)), cancel);
        }
    }

    IEnumerable<KeyValuePair<string, string>> Parameters(AlarmNotice notice) =>
    [
        new("TopicArn", topicArn),
        new("Subject", Ascii(NoticeText.Subject([notice], host))),
        new("MessageStructure", "json"),
        new("Message", MessageOf(notice))
    ];

    string MessageOf(AlarmNotice notice)
    {
        var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("default", Encoding.UTF8.GetString(AlarmMessage.Of(notice, host)));
            json.WriteString("email", NoticeText.Plain([notice], host));
            json.WriteString("sms", NoticeText.Subject([notice], host));
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    static AlarmNotice Bounded(AlarmNotice notice)
    {
        var left = MostLineBytes;
        return notice with
        {
            // Each letter may become an escape of six.
            Lines = [.. notice.Lines.Reverse().TakeWhile(line => (left -= line.Text.Length * 6) > 0).Reverse()]
        };
    }

    // A subject has no other letters and no more than a hundred.
    static string Ascii(string subject) => string.Concat(
        subject.Take(100).Select(letter => letter is >= ' ' and < '\x7F' ? letter : '_'));
}
