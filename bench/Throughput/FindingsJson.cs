using System.Text.Json.Serialization;

namespace Throughput;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(List<Finding>))]
sealed partial class FindingsJson : JsonSerializerContext;
