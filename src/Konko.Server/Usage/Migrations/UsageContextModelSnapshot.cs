using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Konko.Server.Usage.Migrations;

/// <summary>The tables as the last migration leaves them.</summary>
[DbContext(typeof(UsageContext))]
internal sealed class UsageContextModelSnapshot : ModelSnapshot
{
    protected override void BuildModel(ModelBuilder modelBuilder) => Build(modelBuilder);

    internal static void Build(ModelBuilder modelBuilder) => modelBuilder.Entity("Konko.Server.Usage.UsageRow", row =>
    {
        row.Property<string>("Id").HasColumnName("id");
        row.Property<long>("Begun").HasColumnName("begun");
        row.Property<int>("CachedTokens").HasColumnName("cached_tokens");
        row.Property<int>("CompletionTokens").HasColumnName("completion_tokens");
        row.Property<string>("KeyHash").IsRequired().HasColumnName("key_hash");
        row.Property<string>("Model").IsRequired().HasColumnName("model");
        row.Property<string>("Outcome").HasColumnName("outcome");
        row.Property<string>("Path").IsRequired().HasColumnName("path");
        row.Property<int>("PromptTokens").HasColumnName("prompt_tokens");
        row.Property<long?>("Settled").HasColumnName("settled");
        row.HasKey("Id");
        row.HasIndex("KeyHash", "Begun").HasDatabaseName("ix_usage_key_hash_begun");
        row.HasIndex("Settled").HasDatabaseName("ix_usage_settled");
        row.ToTable("usage");
    });
}
