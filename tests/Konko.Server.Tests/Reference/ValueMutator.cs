using System.Text.Json.Nodes;

namespace Konko.Server.Tests.Reference;

/// <summary>Puts something else into a JSON document, at a random place.</summary>
internal static class ValueMutator
{
    /// <summary>Changes a document once.</summary>
    public static void Change(Random random, JsonObject document)
    {
        var places = new List<(JsonNode Holder, string? Name, int Index)>();
        Collect(document, places);
        if (places.Count == 0 || random.Next(12) == 0)
        {
            document["unknown \u2603"] = Other(random);
            return;
        }

        (JsonNode holder, string? name, int index) = places[random.Next(places.Count)];
        bool removes = random.Next(5) == 0;
        if (holder is JsonObject members)
        {
            if (removes) members.Remove(name!);
            else members[name!] = Other(random);
        }
        else
        {
            var list = (JsonArray)holder;
            if (removes) list.RemoveAt(index);
            else if (random.Next(4) == 0) list.Insert(index, Other(random));
            else list[index] = Other(random);
        }
    }

    private static void Collect(JsonNode? node, List<(JsonNode, string?, int)> places)
    {
        switch (node)
        {
            case JsonObject members:
                foreach ((string name, JsonNode? member) in members)
                {
                    places.Add((members, name, 0));
                    Collect(member, places);
                }

                break;
            case JsonArray list:
                for (int i = 0; i < list.Count; i++)
                {
                    places.Add((list, null, i));
                    Collect(list[i], places);
                }

                break;
        }
    }

    private static JsonNode? Other(Random random) => random.Next(22) switch
    {
        0 => null,
        1 => true,
        2 => 0,
        3 => -1,
        4 => 1.5,
        5 => 1e308,
        6 => long.MaxValue,
        7 => long.MinValue,
        8 => ulong.MaxValue,
        9 => 129,
        10 => "",
        11 => new string('x', random.Next(20_000)),
        12 => string.Concat(Enumerable.Repeat("🙂\u200d", 300)),
        13 => "\u0000\ufffd\u2029",
        14 => new JsonArray(),
        15 => new JsonArray((JsonNode?)null),
        16 => new JsonArray([.. Enumerable.Range(0, 5_000).Select(i => (JsonNode)i)]),
        17 => new JsonObject(),
        18 => Nested(random.Next(1, 30)),
        19 => Nested(100),
        20 => new JsonObject { [""] = "" },
        _ => SchemaValues.Anything(random),
    };

    private static JsonNode Nested(int depth)
    {
        JsonNode node = new JsonArray();
        for (int i = 0; i < depth; i++) node = i % 2 == 0 ? new JsonObject { ["type"] = node } : new JsonArray(node);
        return node;
    }
}
