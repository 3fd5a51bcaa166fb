using Microsoft.EntityFrameworkCore;

namespace Konko.Server.Usage;

/// <summary>The tables.</summary>
internal sealed class UsageContext(DbContextOptions<UsageContext> options) : DbContext(options)
{
    /// <summary>The migration after which the tables are as they are here.</summary>
    public const string NewestMigration = "20261126000000_Initial";

    public DbSet<UsageRow> Usage => Set<UsageRow>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.Entity<UsageRow>(row =>
    {
        row.ToTable("usage");
        row.HasKey(r => r.Id);
        row.Property(r => r.Id).HasColumnName("id");
        row.Property(r => r.KeyHash).HasColumnName("key_hash");
        row.Property(r => r.Model).HasColumnName("model");
        row.Property(r => r.Path).HasColumnName("path");
        row.Property(r => r.Begun).HasColumnName("begun");
        row.Property(r => r.PromptTokens).HasColumnName("prompt_tokens");
        row.Property(r => r.CompletionTokens).HasColumnName("completion_tokens");
        row.Property(r => r.CachedTokens).HasColumnName("cached_tokens");
        row.Property(r => r.Outcome).HasColumnName("outcome");
        row.Property(r => r.Settled).HasColumnName("settled");
        row.HasIndex(r => new { r.KeyHash, r.Begun }).HasDatabaseName("ix_usage_key_hash_begun");
        // The start looks for the open ones.
        row.HasIndex(r => r.Settled).HasDatabaseName("ix_usage_settled");
    });
}
